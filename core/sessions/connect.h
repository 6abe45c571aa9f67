#pragma once
// From a place to go to a ticket at the site's gateway: docs/formats/ticket.md.

#include <variant>

#include "core/edges/edge.h"
#include "core/sessions/session.h"
#include "pushpull/items/sessions.h"
#include "pushpull/link/link.h"

namespace sp::sessions {

/// Where a session goes, with what and how: judged already. Wiped by `connect`.
struct Destination {
  std::string site, site_name, host, host_name;
  std::string address;
  std::uint32_t port = 22;
  std::string protocol = "ssh";
  std::vector<std::string> networks{}, host_keys{}, host_cas{};
  bool first_use = false;
  std::vector<edges::Edge> gateways{};  ///< the first whose link is up is taken
  std::string credential, credential_name;
  pushpull::Credential secret{};
  Duration idle = std::chrono::minutes{15}, total = std::chrono::hours{8};
  std::uint32_t rights = pushpull::right::all;
  bool record = true, record_input = false;
  std::string disk_full = "end";
  std::optional<std::int64_t> recording_days{};  ///< none: for ever
};

/// The links to the gateways, as connecting and collecting need them.
struct Links {
  std::function<std::optional<pushpull::LinkHealth>(const std::string& edge)> health;
  Wake wake;
  std::function<Result<pushpull::BlobResponse>(const std::string& edge,
                                               const pushpull::BlobRequest&)>
      blob;

  /// Whether a gateway answers now, as far as its link knows.
  [[nodiscard]] bool reach(const std::string& edge) const;
};

inline constexpr Duration ticket_life = std::chrono::seconds{60};
inline constexpr Duration wait_for_gateway = std::chrono::seconds{8};

struct Connected {
  Session session;
  Secret url;  ///< with the ticket's secret: in this answer and nowhere else
};
/// Why there is no session; a sentence for who asked.
struct NotConnected {
  Code code = Code::unavailable;
  std::string detail;
};

/// Makes a session and its ticket, and gives its address once the gateway has the ticket. The row,
/// the item and the audit event are one transaction. Answers at once when no gateway's link is up,
/// and gives the ticket up when the gateway does not take it in time.
///
/// `wait` sleeps; a test gives its own.
Result<std::variant<Connected, NotConnected>> connect(const Context& context, const Links& links,
                                                      const access::Permit& permit,
                                                      Destination destination,
                                                      std::string_view reason,
                                                      const std::function<void(Duration)>& wait);

}  // namespace sp::sessions
