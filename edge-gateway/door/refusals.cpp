#include "edge-gateway/door/refusals.h"

namespace sp::edge_gateway {

std::optional<pushpull::TicketRefused> Refusals::note(std::string_view reason,
                                                      std::string_view source, Instant now) {
  const std::lock_guard lock{mutex_};
  std::pair<std::string, std::string> key{reason, source};
  if (told_.size() >= most_sources && !told_.contains(key)) key.second = "many";
  const auto [found, is_new] = told_.try_emplace(key, Told{now, 0});
  if (!is_new) {
    ++found->second.since;
    return std::nullopt;
  }
  return pushpull::TicketRefused{key.first, key.second, 1};
}

std::vector<pushpull::TicketRefused> Refusals::due(Instant now) {
  const std::lock_guard lock{mutex_};
  std::vector<pushpull::TicketRefused> out;
  for (auto at = told_.begin(); at != told_.end();) {
    auto& [key, told] = *at;
    if (now < told.at + pause) {
      ++at;
    } else if (told.since == 0) {
      at = told_.erase(at);
    } else {
      out.push_back({key.first, key.second, told.since});
      told = {now, 0};
      ++at;
    }
  }
  return out;
}

}  // namespace sp::edge_gateway
