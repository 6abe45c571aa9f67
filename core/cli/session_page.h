#pragma once
// What `sallyport connect` says and hears: docs/formats/session.md. For .cpp files of core/cli
// alone: it shows nlohmann.

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret/secret.h"
#include "core/cli/client_json.h"
#include "core/cli/terminal.h"
#include "core/cli/websocket.h"

namespace sp::cli {

/// The gateway's address and the ticket that stand in `https://<gateway>/s#<id>.<S>`.
struct TicketUrl {
  std::string origin, host;
  int port = 443;
  std::string id;
  Secret secret;  ///< base64url
};
Result<TicketUrl> parse_ticket_url(std::string_view url);

/// The text of a first message; wipe it.
std::string opening_with_ticket(const TicketUrl& ticket, const WindowSize& size,
                                const std::string& term);
std::string opening_with_resume(const std::string& session, const std::string& resume,
                                std::uint64_t seen, const WindowSize& size);

/// Finds `~.` at the beginning of a line, as ssh has it, in what is typed.
class Escape {
 public:
  /// What goes to the host of `typed`; `left` becomes true at `~.`, and nothing after it counts.
  std::string pass(std::string_view typed, bool& left);

 private:
  bool line_begins_ = true, tilde_ = false;
};

/// A sentence for the reason of an end.
std::string end_words(const std::string& reason, const std::string& by);

}  // namespace sp::cli
