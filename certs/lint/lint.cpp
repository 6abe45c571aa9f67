#include "certs/lint/lint.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "certs/lint/internal/rule.h"

namespace sp::certs::lint {
namespace {

std::array<std::span<const Rule>, 8> tables() {
  return {name_rules(),      subject_rules(), key_rules(),      extension_rules(),
          authority_rules(), life_rules(),    encoding_rules(), policy_rules()};
}

bool is_root(const View& view) {
  return view.is_authority() && view.is_self_issued();
}

bool concerns(Whom whom, const View& view) {
  switch (whom) {
    case Whom::all:
      return true;
    case Whom::leaf:
      return !view.is_authority();
    case Whom::authority:
      return view.is_authority();
    case Whom::root:
      return is_root(view);
    case Whom::sub_ca:
      return view.is_authority() && !is_root(view);
    case Whom::br_all:
      return is_for_servers(view);
    case Whom::br_leaf:
      return is_for_servers(view) && !view.is_authority();
    case Whom::br_authority:
      return is_for_servers(view) && view.is_authority();
    case Whom::br_root:
      return is_for_servers(view) && is_root(view);
    case Whom::br_sub_ca:
      return is_for_servers(view) && view.is_authority() && !is_root(view);
  }
  return false;
}

Severity severity_of(std::string_view id) {
  return id.front() == 'e'   ? Severity::error
         : id.front() == 'w' ? Severity::warning
                             : Severity::notice;
}

bool is_in(Scope scope, const Rule& rule) {
  const bool for_everyone = rule.whom < Whom::br_all && !rule.citation.starts_with("Apple CT");
  return scope == Scope::public_authorities || for_everyone;
}

bool applies(const Rule& rule, const View& view) {
  // Without a readable date the rules of today are meant.
  const auto issued = view.from.at ? std::chrono::floor<std::chrono::days>(*view.from.at)
                                   : std::chrono::sys_days{day(2026, 1, 1)};
  return issued >= std::chrono::sys_days{rule.from} &&
         issued < std::chrono::sys_days{rule.before} && concerns(rule.whom, view);
}

}  // namespace

std::string_view name(Severity severity) {
  return severity == Severity::error     ? "error"
         : severity == Severity::warning ? "warning"
                                         : "notice";
}

std::vector<Finding> findings(const View& view, Scope scope, const PublicSuffixes& suffixes) {
  std::vector<Finding> all;
  for (const auto table : tables())
    for (const auto& rule : table)
      if (is_in(scope, rule) && applies(rule, view) && rule.broken({view, suffixes}))
        all.push_back({rule.id, severity_of(rule.id), rule.citation, rule.sentence});
  std::vector<Finding> worst_first;
  for (const auto severity : {Severity::error, Severity::warning, Severity::notice})
    std::ranges::copy_if(all, std::back_inserter(worst_first),
                         [&](const Finding& one) { return one.severity == severity; });
  return worst_first;
}

std::vector<RuleName> all_rules() {
  std::vector<RuleName> all;
  for (const auto table : tables())
    for (const auto& rule : table) all.push_back({rule.id, rule.sentence});
  return all;
}

std::size_t length(const Attribute& attribute) {
  if (attribute.tag == der::bmp_string) return attribute.value.size() / 2;
  return static_cast<std::size_t>(std::ranges::count_if(
      attribute.value, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::string> all_hosts(const Case& c) {
  auto all = c.v.names(GeneralName::dns);
  for (auto& name : c.v.subject.all(attribute::common_name))
    if (name.find('.') != std::string::npos && name.find(' ') == std::string::npos &&
        address_bytes(name).empty())
      all.push_back(std::move(name));
  return all;
}

bool is_for_servers(const View& view) {
  static constexpr std::string_view server_policies[] = {policy::dv, policy::ov, policy::iv,
                                                         policy::ev};
  return !view.extended_key_usage || view.extended_key_usage->empty() ||
         any(server_policies, [&](std::string_view one) { return view.has_policy(one); }) ||
         view.has_purpose(oid::server_auth) || view.has_purpose(oid::any_extended_key_usage);
}

// The Forum's own policy, and those that authorities had before it.
bool is_ev(const View& view) {
  static constexpr std::string_view known[] = {policy::ev,
                                               "0.4.0.2042.1.4",
                                               "0.4.0.2042.1.5",
                                               "1.2.392.200091.100.721.1",
                                               "1.3.6.1.4.1.13177.10.1.3.10",
                                               "1.3.6.1.4.1.14370.1.6",
                                               "1.3.6.1.4.1.36305.2",
                                               "1.3.6.1.4.1.4146.1.1",
                                               "1.3.6.1.4.1.6334.1.100.1",
                                               "1.3.6.1.4.1.6449.1.2.1.5.1",
                                               "1.3.6.1.4.1.782.1.2.1.8.1",
                                               "1.3.6.1.4.1.8024.0.2.100.1.2",
                                               "2.16.756.1.89.1.2.1.1",
                                               "2.16.840.1.113733.1.7.23.6",
                                               "2.16.840.1.113733.1.7.48.1",
                                               "2.16.840.1.114028.10.1.2",
                                               "2.16.840.1.114171.500.9",
                                               "2.16.840.1.114404.1.1.2.4.1",
                                               "2.16.840.1.114412.2.1",
                                               "2.16.840.1.114413.1.7.23.3",
                                               "2.16.840.1.114414.1.7.23.3"};
  return any(known, [&](std::string_view one) { return view.has_policy(one); });
}

// Both ends count (Baseline Requirements 6.3.2), so a whole day has 86,400 seconds.
std::chrono::seconds life(const View& view) {
  if (!view.from.at || !view.until.at) return std::chrono::seconds{0};
  return std::chrono::duration_cast<std::chrono::seconds>(*view.until.at - *view.from.at) +
         std::chrono::seconds{1};
}

bool has_url(const Decoded<std::vector<Access>>& all, std::string_view method,
             std::string_view scheme) {
  return all && any(*all, [&](const Access& one) {
           return one.method == method && one.location.kind == GeneralName::uri &&
                  lower(one.location.value).starts_with(scheme);
         });
}

// IANA's special-purpose registries (RFC 6890 and its updates): nobody outside can reach them.
bool is_private_address(std::string_view address) {
  struct Range {
    std::string_view base;
    unsigned bits;
  };
  static constexpr Range ranges[] = {{"0.0.0.0", 8},     {"10.0.0.0", 8},      {"100.64.0.0", 10},
                                     {"127.0.0.0", 8},   {"169.254.0.0", 16},  {"172.16.0.0", 12},
                                     {"192.0.0.0", 24},  {"192.0.2.0", 24},    {"192.168.0.0", 16},
                                     {"198.18.0.0", 15}, {"198.51.100.0", 24}, {"203.0.113.0", 24},
                                     {"240.0.0.0", 4},   {"::", 128},          {"::1", 128},
                                     {"::ffff:0:0", 96}, {"100::", 64},        {"2001::", 23},
                                     {"2001:db8::", 32}, {"fc00::", 7},        {"fe80::", 10}};
  return any(ranges, [&](const Range& range) {
    const auto base = address_bytes(range.base);
    if (base.size() != address.size()) return false;
    for (unsigned bit = 0; bit < range.bits; ++bit) {
      const auto difference = static_cast<unsigned char>(base[bit / 8] ^ address[bit / 8]);
      if ((difference >> (7 - bit % 8) & 1U) != 0) return false;
    }
    return true;
  });
}

}  // namespace sp::certs::lint
