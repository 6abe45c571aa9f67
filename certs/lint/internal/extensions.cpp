#include <algorithm>
#include <set>

#include "certs/lint/internal/rule.h"

// What a server's certificate carries: purposes, identifiers, where to ask.
namespace sp::certs::lint {
namespace {

constexpr std::string_view email_protection = "1.3.6.1.5.5.7.3.4";
constexpr std::string_view poison = "1.3.6.1.4.1.11129.2.4.3";
constexpr std::string_view scts = "1.3.6.1.4.1.11129.2.4.2";

const std::vector<std::string>& purposes(const Case& c) {
  static const std::vector<std::string> none;
  return c.v.extended_key_usage ? *c.v.extended_key_usage : none;
}

bool wrong_purposes(const Case& c) {
  static constexpr std::string_view forbidden[] = {oid::any_extended_key_usage, email_protection, "1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.4.1.11129.2.4.4"};
  return any(purposes(c), [](const std::string& one) { return std::ranges::find(forbidden, one) != std::end(forbidden); }) || !c.v.has_purpose(oid::server_auth);
}
bool more_purposes(const Case& c) {
  return any(purposes(c), [](const std::string& one) { return one != oid::server_auth && one != oid::client_auth && one != email_protection; });
}

// RFC 5280 section 4.2.1.12 says which key usages go with which purpose.
bool usage_against_purpose(const Case& c) {
  if (!c.v.key_usage || purposes(c).empty()) return false;
  using K = KeyUsage;
  const auto set = [](std::initializer_list<KeyUsage::Bit> all) {
    unsigned bits = 0;
    for (const auto one : all) bits |= 1U << one;
    return bits;
  };
  unsigned allowed = 0;
  for (const auto& purpose : purposes(c)) {
    if (purpose == oid::server_auth)
      allowed |= set({K::digital_signature, K::key_encipherment, K::key_agreement});
    else if (purpose == oid::client_auth)
      allowed |= set({K::digital_signature, K::key_agreement});
    else if (purpose == "1.3.6.1.5.5.7.3.3")
      allowed |= set({K::digital_signature});
    else if (purpose == email_protection)
      allowed |= set({K::digital_signature, K::content_commitment, K::key_encipherment, K::key_agreement});
    else if (purpose == "1.3.6.1.5.5.7.3.8" || purpose == "1.3.6.1.5.5.7.3.9")
      allowed |= set({K::digital_signature, K::content_commitment});
    else
      return false;
  }
  return (c.v.key_usage->bits & ~allowed) != 0;
}

// ----- authority information access and distribution points

const std::vector<Access>& access_of(const Case& c) {
  static const std::vector<Access> none;
  return c.v.authority_access ? *c.v.authority_access : none;
}
template <const std::string_view& Method>
bool not_http(const Case& c) {
  return any(access_of(c), [](const Access& one) {
    return one.method == Method && !(one.location.kind == GeneralName::uri && lower(one.location.value).starts_with("http://"));
  });
}
bool odd_access(const Case& c) {
  return any(access_of(c), [](const Access& one) {
    return (one.method != access::ocsp && one.method != access::issuers) || one.location.kind != GeneralName::uri;
  });
}
bool repeated_access(const Case& c) {
  std::set<std::pair<std::string, std::string>> seen;
  return any(access_of(c), [&](const Access& one) { return !seen.insert({one.method, lower(one.location.value)}).second; });
}
bool no_issuer_url(const Case& c) {
  return !has_url(c.v.authority_access, access::issuers, "http://");
}
bool no_ocsp_url(const Case& c) {
  return !has_url(c.v.authority_access, access::ocsp, "http://");
}
bool access_without_url(const Case& c) {
  const auto issuers = any(access_of(c), [](const Access& one) { return one.method == access::issuers; });
  return issuers && !has_url(c.v.authority_access, access::issuers, "http") && !has_url(c.v.authority_access, access::issuers, "ldap");
}
bool internal_location(const Case& c) {
  if (c.suffixes.empty()) return false;
  return any(access_of(c), [&](const Access& one) {
    if (one.location.kind != GeneralName::uri) return false;
    const auto& url = one.location.value;
    const auto start = url.find("//");
    if (start == std::string::npos) return false;
    auto host = url.substr(start + 2, url.find_first_of("/:?", start + 2) - start - 2);
    if (!address_bytes(host).empty()) return false;
    const auto top = std::string{labels_of(host).back()};
    return host.find('.') == std::string::npos || (!c.suffixes.lists(top) && !c.suffixes.lists("x." + top));
  });
}

const std::vector<DistributionPoint>& points(const Case& c) {
  static const std::vector<DistributionPoint> none;
  return c.v.distribution_points ? *c.v.distribution_points : none;
}
bool names_start_with(const DistributionPoint& point, std::initializer_list<std::string_view> schemes) {
  return any(point.names, [&](const GeneralName& one) {
    return one.kind == GeneralName::uri && any(schemes, [&](std::string_view scheme) { return lower(one.value).starts_with(scheme); });
  });
}
bool no_list_url(const Case& c) {
  return present<oid::crl_distribution_points>(c) && !any(points(c), [](const DistributionPoint& one) { return names_start_with(one, {"http://"}); });
}
bool list_not_http(const Case& c) {
  return any(points(c), [](const DistributionPoint& point) {
    return any(point.names, [](const GeneralName& one) { return one.kind == GeneralName::uri && !lower(one.value).starts_with("http://"); });
  });
}
bool list_without_ldap_or_http(const Case& c) {
  return any(points(c), [](const DistributionPoint& one) { return !one.names.empty() && !names_start_with(one, {"http", "ldap"}); });
}
bool incomplete_point(const Case& c) {
  return any(points(c), [](const DistributionPoint& one) { return !one.has_point && !one.has_issuer; });
}
bool point_with_issuer(const Case& c) {
  return any(points(c), [](const DistributionPoint& one) { return one.has_issuer || one.has_reasons; });
}
// Seven days since 2026-03-15, ten before (Baseline Requirements 1.6.1).
bool is_short_lived(const View& view) {
  const auto later = view.from.at && *view.from.at >= Instant{std::chrono::sys_days{day(2026, 3, 15)}};
  return life(view) <= std::chrono::days{later ? 7 : 10} + std::chrono::seconds{1};
}
bool nowhere_to_ask(const Case& c) {
  return !is_short_lived(c.v) && missing<oid::crl_distribution_points>(c) && no_ocsp_url(c);
}

bool authority_key_with_more(const Case& c) {
  return c.v.authority_key && c.v.authority_key->id && (c.v.authority_key->names_issuer || c.v.authority_key->names_serial);
}
bool no_authority_key(const Case& c) {
  return !c.v.is_self_issued() && !(c.v.authority_key && c.v.authority_key->id);
}

// ----- certificate transparency

std::optional<std::size_t> count_of_scts(const Case& c) {
  const auto* extension = c.v.find(scts);
  if (extension == nullptr) return std::nullopt;
  der::Reader reader{extension->value};
  const auto list = reader.take(der::octet_string);
  if (!list || list->size() < 2) return 0;
  bytes::Reader rest{list->subspan(2)};
  std::size_t count = 0;
  while (!rest.rest().empty()) {
    const auto size = rest.u16();
    if (!size || !rest.take(*size)) return count;
    ++count;
  }
  return count;
}
// Apple: two timestamps up to 180 days, three beyond; before April 2021 by months.
bool too_few_scts(const Case& c) {
  const auto count = count_of_scts(c).value_or(0);
  if (c.v.find(poison) != nullptr) return false;
  const auto days = std::chrono::floor<std::chrono::days>(life(c.v)).count();
  const bool later = c.v.from.at && *c.v.from.at >= Instant{std::chrono::sys_days{day(2021, 4, 21)}};
  if (later) return count < (days <= 180 ? 2U : 3U);
  const auto months = days / 30;
  return count < (months < 15 ? 2U : months <= 27 ? 3U
                                 : months <= 39   ? 4U
                                                  : 5U);
}

constexpr Rule rules[] = {
    {"e_ext_authority_key_identifier_critical", "RFC 5280 4.2.1.1", Whom::all, rfc2459, critical<oid::authority_key_identifier>, "the authority key identifier is critical: have it not critical"},
    {"e_ext_authority_key_identifier_missing", "RFC 5280 4.2.1.1", Whom::all, rfc2459, [](const Case& c) { return missing<oid::authority_key_identifier>(c) && !c.v.is_self_issued(); }, "there is no authority key identifier: have it issued again with one"},
    {"e_ext_authority_key_identifier_no_key_identifier", "RFC 5280 4.2.1.1", Whom::all, rfc2459, no_authority_key, "the authority key identifier has no key identifier: have it issued again with one"},
    {"e_mp_authority_key_identifier_correct", "Mozilla 5.2", Whom::all, day(2017, 3, 31), authority_key_with_more, "the authority key identifier names issuer and serial number besides the key: leave the key alone"},
    {"e_ext_subject_key_identifier_critical", "RFC 5280 4.2.1.2", Whom::all, rfc2459, critical<oid::subject_key_identifier>, "the subject key identifier is critical: have it not critical"},
    {"w_ext_subject_key_identifier_missing_sub_cert", "RFC 5280 4.2", Whom::leaf, rfc2459, missing<oid::subject_key_identifier>, "there is no subject key identifier: add it where tools ask for it"},
    {"w_ext_subject_key_identifier_not_recommended_subscriber", "BR 7.1.2.7.6", Whom::br_leaf, br2, present<oid::subject_key_identifier>, "a subject key identifier is not recommended: leave it out"},
    {"e_ext_aia_marked_critical", "RFC 5280 4.2.2.1", Whom::all, rfc2459, critical<oid::authority_information_access>, "the authority information access is critical: have it not critical"},
    {"e_sub_cert_aia_marked_critical", "BR 7.1.2.3", Whom::br_leaf, br1, critical<oid::authority_information_access>, "the authority information access is critical: have it not critical"},
    {"e_sub_cert_aia_missing", "BR 7.1.2.3", Whom::br_leaf, br1, missing<oid::authority_information_access>, "there is no authority information access, which public authorities must give: ask yours"},
    {"e_sub_cert_aia_does_not_contain_ocsp_url", "BR 7.1.2.3", Whom::br_leaf, br1, no_ocsp_url, "there is no OCSP address: ask the authority", day(2023, 7, 15)},
    {"w_sub_cert_aia_does_not_contain_issuing_ca_url", "BR 7.1.2.3", Whom::br_leaf, br1, no_issuer_url, "there is no address to fetch the issuer's certificate from: serve the whole chain"},
    {"w_sub_cert_aia_contains_internal_names", "BR 7.1.2.10.3", Whom::br_leaf, br1, internal_location, "it points to an address that nobody outside can reach: have a public one there"},
    {"e_aia_ca_issuers_must_have_http_only", "BR 7.1.2.7.7", Whom::br_leaf, br2, not_http<access::issuers>, "the issuer's certificate is to be fetched by other means than HTTP: have an http:// address there"},
    {"e_aia_ocsp_must_have_http_only", "BR 7.1.2.7.7", Whom::br_leaf, br2, not_http<access::ocsp>, "OCSP is to be asked by other means than HTTP: have an http:// address there"},
    {"e_aia_must_contain_permitted_access_method", "BR 7.1.2.7.7", Whom::br_leaf, br2, odd_access, "the authority information access has more than OCSP and issuer addresses: leave those"},
    {"e_aia_unique_access_locations", "BR 7.1.2.7.7", Whom::br_leaf, br2, repeated_access, "an address stands there twice: name it once"},
    {"w_ext_aia_access_location_missing", "RFC 5280 4.2.2.1", Whom::all, rfc5280, access_without_url, "the issuer's certificate cannot be fetched by HTTP or LDAP: have such an address there"},
    {"e_subject_info_access_marked_critical", "RFC 5280 4.2.2.2", Whom::all, rfc3280, critical<oid::subject_information_access>, "the subject information access is critical: have it not critical"},
    {"e_ext_freshest_crl_marked_critical", "RFC 5280 4.2.1.15", Whom::all, rfc3280, critical<oid::freshest_crl>, "the freshest CRL is critical: have it not critical"},
    {"e_ext_subject_directory_attr_critical", "RFC 5280 4.2.1.8", Whom::all, rfc2459, [](const Case& c) { return c.v.is_critical("2.5.29.9"); }, "the subject directory attributes are critical: have them not critical"},
    {"e_distribution_point_incomplete", "RFC 5280 4.2.1.13", Whom::all, rfc3280, incomplete_point, "a CRL distribution point says neither where nor by whom: have an address there"},
    {"w_distribution_point_missing_ldap_or_uri", "RFC 5280 4.2.1.13", Whom::all, rfc5280, list_without_ldap_or_http, "a CRL cannot be fetched by HTTP or LDAP: have such an address there"},
    {"w_ext_crl_distribution_marked_critical", "RFC 5280 4.2.1.13", Whom::all, rfc2459, critical<oid::crl_distribution_points>, "the CRL distribution points are critical: have them not critical"},
    {"e_sub_cert_crl_distribution_points_marked_critical", "BR 7.1.2.3", Whom::br_leaf, br1, critical<oid::crl_distribution_points>, "the CRL distribution points are critical: have them not critical"},
    {"e_sub_cert_crl_distribution_points_does_not_contain_url", "BR 7.1.2.3", Whom::br_leaf, br1, no_list_url, "there is no HTTP address among the CRL distribution points: have one there"},
    {"e_crl_distrib_points_not_http", "BR 7.1.2.11.2", Whom::br_all, br2, list_not_http, "a CRL is to be fetched by other means than HTTP: have http:// addresses only"},
    {"e_crlissuer_must_not_be_present_in_cdp", "BR 7.1.2.11.2", Whom::br_all, br2, point_with_issuer, "a CRL distribution point names an issuer or reasons: have the address alone"},
    {"e_missing_crl_distrib_point", "BR 7.1.2.11.2", Whom::br_leaf, day(2024, 3, 15), nowhere_to_ask, "nothing says where to ask whether it was revoked: have a CRL or OCSP address there, or a life of a week"},
    {"e_sub_cert_eku_missing", "BR 7.1.2.3", Whom::br_leaf, br1, missing<oid::extended_key_usage>, "there is no extended key usage: have it issued with server authentication"},
    {"e_sub_cert_eku_server_auth_client_auth_missing", "BR 7.1.2.3", Whom::br_leaf, br1, [](const Case& c) { return c.v.extended_key_usage && !c.v.has_purpose(oid::server_auth) && !c.v.has_purpose(oid::client_auth); }, "it is neither for servers nor for clients: have it issued with server authentication"},
    {"e_sub_cert_eku_check", "BR 7.1.2.7.10", Whom::br_leaf, br2, [](const Case& c) { return present<oid::extended_key_usage>(c) && wrong_purposes(c); }, "its purposes are not server authentication: have it issued with that alone"},
    {"w_sub_cert_eku_check", "BR 7.1.2.7.10", Whom::br_leaf, br2, [](const Case& c) { return !wrong_purposes(c) && more_purposes(c); }, "it has purposes besides server and client authentication: have it issued without"},
    {"w_sub_cert_eku_extra_values", "BR 7.1.2.3", Whom::br_leaf, br1, more_purposes, "it has purposes besides server and client authentication: have it issued without", br2},
    {"e_eku_critical", "BR 7.1.2.7.6", Whom::br_leaf, br2, critical<oid::extended_key_usage>, "the extended key usage is critical: have it not critical"},
    {"w_eku_critical_improperly", "RFC 5280 4.2.1.12", Whom::all, rfc3280, [](const Case& c) { return critical<oid::extended_key_usage>(c) && c.v.has_purpose(oid::any_extended_key_usage); }, "any purpose is allowed, and that critically: name the purposes"},
    {"e_key_usage_and_extended_key_usage_inconsistent", "RFC 5280 4.2.1.12", Whom::leaf, rfc5280, usage_against_purpose, "key usage and purposes contradict each other: digital signature and server authentication go together"},
    {"e_sub_cert_key_usage_cert_sign_bit_set", "BR 7.1.2.3", Whom::br_leaf, br1, may<KeyUsage::key_cert_sign>, "it may sign certificates: have it issued without"},
    {"e_sub_cert_key_usage_crl_sign_bit_set", "BR 7.1.2.3", Whom::br_leaf, br1, may<KeyUsage::crl_sign>, "it may sign revocation lists: have it issued without"},
    {"w_ext_key_usage_not_critical", "RFC 5280 4.2.1.3", Whom::all, rfc3280, not_critical<oid::key_usage>, "the key usage is not critical: have it critical"},
    {"e_ext_key_usage_without_bits", "RFC 5280 4.2.1.3", Whom::all, rfc5280, [](const Case& c) { return c.v.key_usage && c.v.key_usage->bits == 0; }, "the key usage allows nothing: have digital signature there"},
    {"e_ext_key_usage_cert_sign_without_ca", "RFC 5280 4.2.1.3", Whom::all, rfc3280, [](const Case& c) { return may<KeyUsage::key_cert_sign>(c) && !c.v.is_authority(); }, "it may sign certificates though it is no authority: have it issued without"},
    {"e_sub_cert_basic_constraints_not_critical", "BR 7.1.2.7.8", Whom::br_leaf, br2, not_critical<oid::basic_constraints>, "the basic constraints are not critical: have them critical"},
    {"e_sub_cert_not_is_ca", "BR 7.1.2.3", Whom::br_all, br1, [](const Case& c) { return c.v.is_authority() && !may<KeyUsage::key_cert_sign>(c) && c.v.has_purpose(oid::server_auth); }, "it is a server's and an authority's at once: have it issued with CA:FALSE"},
    {"w_ct_sct_policy_count_unsatisfied", "Apple CT policy", Whom::br_leaf, day(2018, 10, 15), too_few_scts, "it has too few timestamps of certificate transparency for Apple, unless the server sends them otherwise: a public authority adds them"},
    {"e_empty_sct_list", "RFC 6962 3.3", Whom::all, day(2013, 6, 1), [](const Case& c) { return count_of_scts(c) == 0U; }, "the list of transparency timestamps is empty: have it issued again"},
    {"e_precert_with_sct_list", "RFC 6962 3.3", Whom::all, day(2013, 6, 1), [](const Case& c) { return c.v.find(poison) != nullptr && c.v.find(scts) != nullptr; }, "a precertificate has transparency timestamps: use the final certificate"},
};

}  // namespace

std::span<const Rule> extension_rules() {
  return rules;
}

}  // namespace sp::certs::lint
