#pragma once
// Text messages between a page and the gateway: docs/formats/session.md sections 1 and 2.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "edge-gateway/worker/frames.h"
#include "pushpull/tickets/tickets.h"

namespace sp::edge_gateway {

inline constexpr std::size_t most_first_message = 4U << 10U;
inline constexpr std::size_t most_message = 64U << 10U;
inline constexpr std::size_t resume_secret_size = 32;

/// The first message: a ticket, or a session that goes on.
struct WithTicket {
  pushpull::TicketId id{};
  Secret secret;
  WindowSize window;
  std::string term;
};
struct WithResume {
  pushpull::SessionId session{};
  Secret resume;
  std::uint64_t seen = 0;
  WindowSize window;
};
using Opening = std::variant<WithTicket, WithResume>;

/// What a page says later. A request of a file is in the worker's form.
struct Seen {
  std::uint64_t seen = 0;
};
struct EndIt {};
using FromPage = std::variant<WindowSize, Seen, EndIt, FileRequest>;

// Both refuse with `invalid_input` whatever has other members, or values that section 1 and 2 do
// not allow. `text` is the caller's to wipe.
Result<Opening> decode_opening(std::string_view text);
Result<FromPage> decode_from_page(std::string_view text);

struct Ready {
  pushpull::SessionId session{};
  const Secret& resume;
  std::string title, user;
  bool recorded = false, records_input = false;
  std::uint32_t rights = 0;
  Duration idle{}, left{};
};
std::string state_json(std::string_view state);
std::string ready_json(const Ready& ready);
std::string warning_json(std::string_view code, Duration left);
std::string watched_json(std::string_view by);
std::string ended_json(std::string_view reason, std::optional<std::uint32_t> exit,
                       std::string_view by);
/// `answer` as its own `request` names it.
std::string answer_json(const FileAnswer& answer);
/// A request that was not passed on.
std::string failed_json(std::uint32_t request, std::string_view code);

}  // namespace sp::edge_gateway
