#pragma once
// How a rule is written, and what many of them ask.

#include <array>
#include <chrono>
#include <span>

#include "certs/lint/lint.h"
#include "certs/x509/names.h"

namespace sp::certs::lint {

struct Case {
  const View& v;
  const PublicSuffixes& suffixes;
};
using Test = bool (*)(const Case&);
using Day = std::chrono::year_month_day;

constexpr Day day(int year, unsigned month, unsigned number) {
  return Day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{number}};
}

/// Whom a rule concerns. The Baseline Requirements' rules concern certificates for TLS servers and
/// the authorities above them alone.
enum class Whom : std::uint8_t {
  all,
  leaf,
  authority,
  root,
  sub_ca,
  br_all,
  br_leaf,
  br_authority,
  br_root,
  br_sub_ca
};

struct Rule {
  std::string_view id;  ///< its first letter is its severity
  std::string_view citation;
  Whom whom;
  Day from;  ///< issued before this day, a certificate is free of it
  Test broken;
  std::string_view sentence;
  Day before = day(9999, 1, 1);  ///< and from this day on
};

inline constexpr Day always = day(0, 1, 1);
inline constexpr Day rfc2459 = day(1999, 1, 1);
inline constexpr Day rfc3280 = day(2002, 4, 19);
inline constexpr Day rfc5280 = day(2008, 5, 1);
inline constexpr Day rfc6818 = day(2013, 1, 1);
inline constexpr Day br1 = day(2012, 7, 1);
inline constexpr Day br2 = day(2023, 9, 15);

// The tables, one a subject.
std::span<const Rule> name_rules();
std::span<const Rule> subject_rules();
std::span<const Rule> key_rules();
std::span<const Rule> extension_rules();
std::span<const Rule> authority_rules();
std::span<const Rule> life_rules();
std::span<const Rule> encoding_rules();
std::span<const Rule> policy_rules();

namespace attribute {
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view surname = "2.5.4.4";
inline constexpr std::string_view serial = "2.5.4.5";
inline constexpr std::string_view country = "2.5.4.6";
inline constexpr std::string_view locality = "2.5.4.7";
inline constexpr std::string_view province = "2.5.4.8";
inline constexpr std::string_view street = "2.5.4.9";
inline constexpr std::string_view organization = "2.5.4.10";
inline constexpr std::string_view unit = "2.5.4.11";
inline constexpr std::string_view business = "2.5.4.15";
inline constexpr std::string_view postal_code = "2.5.4.17";
inline constexpr std::string_view given_name = "2.5.4.42";
inline constexpr std::string_view organization_id = "2.5.4.97";
inline constexpr std::string_view email = "1.2.840.113549.1.9.1";
}  // namespace attribute

namespace policy {
inline constexpr std::string_view any = "2.5.29.32.0";
inline constexpr std::string_view ev = "2.23.140.1.1";
inline constexpr std::string_view dv = "2.23.140.1.2.1";
inline constexpr std::string_view ov = "2.23.140.1.2.2";
inline constexpr std::string_view iv = "2.23.140.1.2.3";
}  // namespace policy

namespace access {
inline constexpr std::string_view ocsp = "1.3.6.1.5.5.7.48.1";
inline constexpr std::string_view issuers = "1.3.6.1.5.5.7.48.2";
}  // namespace access

// ----- tests that a table names with its object identifier

template <const std::string_view& Type>
bool critical(const Case& c) {
  return c.v.is_critical(Type);
}
template <const std::string_view& Type>
bool not_critical(const Case& c) {
  const auto* extension = c.v.find(Type);
  return extension != nullptr && !extension->critical;
}
template <const std::string_view& Type>
bool missing(const Case& c) {
  return c.v.find(Type) == nullptr;
}
template <const std::string_view& Type>
bool present(const Case& c) {
  return c.v.find(Type) != nullptr;
}
template <const std::string_view& Type>
bool has(const Case& c) {
  return c.v.subject.has(Type);
}
/// Absent, or there without a letter.
template <const std::string_view& Type>
bool lacks(const Case& c) {
  for (const auto& one : c.v.subject.attributes)
    if (one.type == Type && !one.value.empty()) return false;
  return true;
}
template <const std::string_view& Policy, const std::string_view& Type>
bool conflicts(const Case& c) {
  return c.v.has_policy(Policy) && c.v.subject.has(Type);
}
/// In characters: a UTF-8 continuation byte is none.
std::size_t length(const Attribute& attribute);
template <const std::string_view& Type, std::size_t Most>
bool longer(const Case& c) {
  for (const auto& one : c.v.subject.attributes)
    if (one.type == Type && length(one) > Most) return true;
  return false;
}
template <KeyUsage::Bit Bit>
bool may(const Case& c) {
  return c.v.key_usage && c.v.key_usage->has(Bit);
}
template <KeyUsage::Bit Bit>
bool may_not(const Case& c) {
  return c.v.key_usage && !c.v.key_usage->has(Bit);
}

/// Any of `values` for which `test` holds.
template <class Values, class Predicate>
bool any(const Values& values, Predicate test) {
  for (const auto& value : values)
    if (test(value)) return true;
  return false;
}
template <class Predicate>
bool any_dns(const Case& c, Predicate test) {
  return any(c.v.names(GeneralName::dns), test);
}
/// DNS names of the alternative names and the common names that look like one.
std::vector<std::string> all_hosts(const Case& c);

/// Without EKU, with serverAuth or any, or by a policy for servers.
bool is_for_servers(const View& view);
/// By one of the policies that browsers took for extended validation.
bool is_ev(const View& view);
/// A code of ISO 3166-1, in either case, or XX.
bool is_country(std::string_view value);
std::chrono::seconds life(const View& view);
bool has_url(const Decoded<std::vector<Access>>& all, std::string_view method,
             std::string_view scheme);
bool is_private_address(std::string_view address);

}  // namespace sp::certs::lint
