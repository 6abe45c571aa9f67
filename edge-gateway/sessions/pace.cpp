#include "edge-gateway/sessions/pace.h"

#include <algorithm>

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;
constexpr std::array<Duration, 2> warnings{5min, 1min};

}  // namespace

Duration Pace::End::left(Steady now) const {
  return std::max(std::chrono::duration_cast<Duration>(from + after - now), Duration{0});
}

Duration Pace::End::next_warning() const {
  const auto* found =
      std::ranges::find_if(warnings, [this](Duration before) { return before < told; });
  return found == warnings.end() ? Duration{0} : *found;
}

void Pace::active(Steady now) {
  ends_[0].from = now;
  ends_[0].told = ends_[0].after;
}

std::optional<std::string_view> Pace::over(Steady now) const {
  for (const auto& end : ends_)
    if (now >= end.from + end.after) return end.code;
  return std::nullopt;
}

std::optional<Pace::Warning> Pace::warning(Steady now) {
  for (auto& end : ends_) {
    const auto due = end.next_warning();
    const auto left = end.left(now);
    if (due == Duration{0} || left > due) continue;
    end.told = due;
    return Warning{end.code, left};
  }
  return std::nullopt;
}

Steady Pace::next() const {
  auto out = Steady::max();
  for (const auto& end : ends_) out = std::min(out, end.from + end.after - end.next_warning());
  return out;
}

}  // namespace sp::edge_gateway
