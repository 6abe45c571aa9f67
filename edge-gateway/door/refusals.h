#pragma once
// How often the core is told of refusals: at most once a minute for each reason and source, with a
// count. Memory is bounded. Safe from every thread.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time/clock.h"
#include "pushpull/items/sessions.h"

namespace sp::edge_gateway {

class Refusals {
 public:
  static constexpr Duration pause{60'000};
  static constexpr std::size_t most_sources = 1'024;  ///< then all others are one: "many"

  /// One more refusal: what the core is told of at once, if it is.
  std::optional<pushpull::TicketRefused> note(std::string_view reason, std::string_view source,
                                              Instant now);
  /// What came since and has waited long enough. About each second.
  std::vector<pushpull::TicketRefused> due(Instant now);

 private:
  struct Told {
    Instant at{};
    std::uint32_t since = 0;
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Told> told_;  // by reason and source
};

}  // namespace sp::edge_gateway
