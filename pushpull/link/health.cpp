#include "pushpull/link/internal/health.h"

namespace sp::pushpull {

std::string_view name(Light light) {
  switch (light) {
    case Light::green:
      return "green";
    case Light::amber:
      return "amber";
    case Light::red:
      return "red";
  }
  return "red";
}

namespace internal {
namespace {

constexpr Duration away_for_long = std::chrono::minutes{2};
constexpr Duration large_skew = std::chrono::seconds{60};
constexpr int few_days = 14;

std::string whole(std::int64_t count, std::string_view unit) {
  return std::to_string(count) + " " + std::string{unit} + (count == 1 ? "" : "s");
}
std::string in_words(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 120) return whole(seconds, "second");
  if (seconds < 7200) return whole(seconds / 60, "minute");
  if (seconds < 172'800) return whole(seconds / 3600, "hour");
  return whole(seconds / 86'400, "day");
}

// A cause is a clause without its dot, or sentences with theirs.
std::string ended(const std::string& cause) {
  return cause.ends_with('.') || cause.ends_with('?') ? cause : cause + ".";
}

struct Verdict {
  Light light;
  std::string reason;
};

Verdict not_enrolled(const Noticed& noticed, Instant now) {
  if (noticed.kit_expires_at <= now)
    return {Light::red, "Its enrolment kit expired; make a new one."};
  const auto code = noticed.failure ? noticed.failure->code() : Code::not_found;
  if (code == Code::unavailable)
    return {Light::amber, "Not enrolled: " + ended(noticed.failure->detail())};
  if (code == Code::unauthenticated || code == Code::forbidden || code == Code::corrupt)
    return {Light::red, "Not enrolled: the edge could not prove that it has this edge's kit."};
  return {Light::amber, "Waiting for the edge to be enrolled with its kit."};
}

Verdict failing(const Noticed& noticed, Instant now) {
  const auto& error = *noticed.failure;
  if (error.code() == Code::forbidden)
    return {Light::red, "Refused: " + ended(error.detail()) + " Enrol the edge again."};
  const auto since = now - *noticed.failing_since;
  const auto light = since >= away_for_long ? Light::red : Light::amber;
  return {light, "Not reached for " + in_words(since) + ": " + ended(error.detail())};
}

std::optional<int> days_left(const Noticed& noticed, Instant now) {
  if (!noticed.hello) return {};
  // The one that this link sees. The core watches all of them (core/certificates).
  for (const auto& shown : noticed.hello->certificates)
    if (shown.listener == "intake")
      return static_cast<int>(std::chrono::floor<std::chrono::days>(shown.not_after - now).count());
  return {};
}

Verdict in_contact(const Noticed& noticed, Instant now) {
  const auto days = days_left(noticed, now).value_or(few_days);
  if (days < 0) return {Light::red, "Its certificate has expired. Renew it with the same key."};
  if (days < few_days)
    return {Light::amber,
            "Its certificate ends in " + whole(days, "day") + ". Renew it with the same key."};
  if (std::chrono::abs(noticed.clock_skew) > large_skew)
    return {Light::amber, "Its clock is " + in_words(std::chrono::abs(noticed.clock_skew)) +
                              (noticed.clock_skew > Duration::zero() ? " ahead of" : " behind") +
                              " the core's. Set both by a time server."};
  return {Light::green, "In contact."};
}

Verdict verdict(const Noticed& noticed, Instant now) {
  if (!noticed.enrolled) return not_enrolled(noticed, now);
  if (noticed.failing_since) return failing(noticed, now);
  if (!noticed.hello) return {Light::amber, "Connecting."};
  return in_contact(noticed, now);
}

}  // namespace

LinkHealth judge(const Noticed& noticed, std::uint64_t items_waiting, Instant now) {
  auto [light, reason] = verdict(noticed, now);
  LinkHealth health;
  health.light = light;
  health.reason = std::move(reason);
  health.enrolled = noticed.enrolled;
  health.last_contact = noticed.last_contact;
  health.items_waiting = items_waiting;
  if (!noticed.hello) return health;
  health.clock_skew = noticed.clock_skew;
  health.events_waiting = noticed.hello->events_waiting;
  health.holds = noticed.hello->holds;
  health.version = noticed.hello->version;
  health.certificate_days_left = days_left(noticed, now);
  health.certificates = noticed.hello->certificates;
  return health;
}

}  // namespace internal
}  // namespace sp::pushpull
