#include "certs/lint/internal/rule.h"

// How long it lives (Baseline Requirements 6.3.2: 398 days, from 2026-03-15 200, from 2027-03-15
// 100, from 2029-03-15 47).
namespace sp::certs::lint {
namespace {

template <int Days>
bool longer_than(const Case& c) {
  return life(c.v) > std::chrono::days{Days};
}
bool backwards(const Case& c) {
  return c.v.from.at && c.v.until.at && *c.v.until.at < *c.v.from.at;
}
// Before the Requirements said that both ends count.
template <int Days>
bool ends_later_than(const Case& c) {
  return life(c.v) > std::chrono::days{Days} + std::chrono::seconds{1};
}
template <int Months>
bool longer_than_months(const Case& c) {
  if (!c.v.from.at || !c.v.until.at) return false;
  const auto start = std::chrono::floor<std::chrono::days>(*c.v.from.at);
  auto end = Day{start} + std::chrono::months{Months};
  if (!end.ok()) end = end.year() / end.month() / std::chrono::last;
  return *c.v.until.at > Instant{std::chrono::sys_days{end}} + (*c.v.from.at - start);
}

constexpr Day march(int year) {
  return day(year, 3, 15);
}

constexpr Rule rules[] = {
    {"e_validity_time_not_positive", "practice", Whom::all, always, backwards, "it ends before it begins: have it issued again"},
    {"e_sub_cert_valid_time_longer_than_39_months", "BR 6.3.2", Whom::br_leaf, day(2016, 7, 2), longer_than_months<39>, "it lives longer than 39 months: have it issued for less"},
    {"e_sub_cert_valid_time_longer_than_825_days", "BR 6.3.2", Whom::br_leaf, day(2018, 3, 2), ends_later_than<825>, "it lives longer than 825 days: have it issued for less"},
    {"e_tls_server_cert_valid_time_longer_than_398_days", "Apple", Whom::br_leaf, day(2020, 9, 1), longer_than<398>, "it lives longer than 398 days, which Apple and Chrome refuse of public authorities: have it issued for less"},
    {"w_tls_server_cert_valid_time_longer_than_397_days", "Apple", Whom::br_leaf, day(2020, 9, 1), longer_than<397>, "it lives longer than 397 days: have it issued for less"},
    {"e_server_cert_valid_time_longer_than_200_days", "BR 6.3.2", Whom::br_leaf, march(2026), longer_than<200>, "it lives longer than 200 days, which public authorities may not issue any more: have it issued for less", march(2027)},
    {"w_server_cert_valid_time_longer_than_199_days", "BR 6.3.2", Whom::br_leaf, march(2026), longer_than<199>, "it lives longer than 199 days: have it issued for less", march(2027)},
    {"e_server_cert_valid_time_longer_than_100_days", "BR 6.3.2", Whom::br_leaf, march(2027), longer_than<100>, "it lives longer than 100 days, which public authorities may not issue any more: have it issued for less", march(2029)},
    {"w_server_cert_valid_time_longer_than_99_days", "BR 6.3.2", Whom::br_leaf, march(2027), longer_than<99>, "it lives longer than 99 days: have it issued for less", march(2029)},
    {"e_server_cert_valid_time_longer_than_47_days", "BR 6.3.2", Whom::br_leaf, march(2029), longer_than<47>, "it lives longer than 47 days, which public authorities may not issue any more: have it issued for less"},
    {"w_server_cert_valid_time_longer_than_46_days", "BR 6.3.2", Whom::br_leaf, march(2029), longer_than<46>, "it lives longer than 46 days: have it issued for less"},
    {"e_ev_valid_time_too_long", "EVG 9.4", Whom::leaf, always, [](const Case& c) { return is_ev(c.v) && longer_than_months<27>(c); }, "with extended validation it may live 27 months: have it issued for less", day(2018, 3, 1)},
    {"e_onion_subject_validity_time_too_large", "BR appendix B", Whom::br_leaf, day(2015, 5, 1), [](const Case& c) { return any(all_hosts(c), [](const std::string& n) { return lower(n).ends_with(".onion"); }) && longer_than_months<15>(c); }, "with an .onion name it may live 15 months: have it issued for less"},
};

}  // namespace

std::span<const Rule> life_rules() {
  return rules;
}

}  // namespace sp::certs::lint
