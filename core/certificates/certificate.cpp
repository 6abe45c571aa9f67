#include "core/certificates/certificate.h"

#include <algorithm>

#include "base/tls/certificate.h"

namespace sp::certificates {
namespace {

using std::chrono::days;
constexpr Duration amber_from = days{30};
constexpr Duration red_from = days{7};

constexpr std::array places{std::pair{Place::site, std::string_view{"site"}},
                            std::pair{Place::root, std::string_view{"root"}},
                            std::pair{Place::portal, std::string_view{"portal"}},
                            std::pair{Place::intake, std::string_view{"intake"}}};

Duration life_of(const Certificate& certificate) {
  return std::max(certificate.not_after - certificate.not_before, Duration{0});
}

std::string in_days(int count) {
  return std::to_string(count) + (count == 1 ? " day" : " days");
}

std::string how_to_renew(const Certificate& certificate) {
  if (!certificate.renewed_by.empty())
    return " It is renewed by " + certificate.renewed_by + ": look there why it was not.";
  if (certificate.place == Place::intake) return " Renew it with the same key.";
  if (certificate.place == Place::root) return " Make the next root and have people trust it.";
  return " Renew it.";
}

}  // namespace

std::string_view name(Place place) {
  return places[static_cast<std::size_t>(place)].second;
}
std::optional<Place> place_named(std::string_view text) {
  for (const auto& [place, word] : places)
    if (word == text) return place;
  return std::nullopt;
}
std::string_view name(Light light) {
  constexpr std::array names{std::string_view{"green"}, std::string_view{"amber"},
                             std::string_view{"red"}};
  return names[static_cast<std::size_t>(light)];
}

Verdict judge(const Certificate& certificate, std::string_view host, Instant now) {
  const auto left = certificate.not_after - now;
  Verdict out;
  out.days_left = static_cast<int>(std::chrono::floor<days>(left).count());
  const auto say = [&](Light light, std::string reason) {
    out.light = light;
    out.reason = std::move(reason);
    return out;
  };
  if (left <= Duration{0})
    return say(Light::red, "It expired: browsers refuse it." + how_to_renew(certificate));
  if (certificate.not_before > now)
    return say(Light::red, "It is not valid yet: check the clocks of both machines.");
  if (!host.empty() && !tls::covers(certificate.names, host))
    return say(Light::red, "It is not for " + std::string{host} +
                               ", which clients ask for: issue one with that name, unless a proxy "
                               "with its own certificate stands in front.");
  const auto life = life_of(certificate);
  const auto ends = (out.days_left < 1 ? std::string{"It ends within a day."}
                                       : "It ends in " + in_days(out.days_left) + ".") +
                    how_to_renew(certificate);
  if (left <= std::min<Duration>(red_from, life / 6)) return say(Light::red, ends);
  if (left <= std::min<Duration>(amber_from, life / 3)) return say(Light::amber, ends);
  return out;
}

std::optional<int> threshold_reached(const Certificate& certificate, Instant now) {
  const auto left = certificate.not_after - now;
  const auto last_third = life_of(certificate) / 3;
  std::optional<int> reached;
  for (const int threshold : thresholds)
    if (left <= days{threshold} && days{threshold} <= last_third) reached = threshold;
  if (left <= std::min<Duration>(days{thresholds.back()}, last_third)) reached = thresholds.back();
  return reached;
}

}  // namespace sp::certificates
