#include <algorithm>

#include "certs/lint/internal/rule.h"

// The authorities above a server, and their name constraints.
namespace sp::certs::lint {
namespace {

constexpr std::string_view email_protection = "1.3.6.1.5.5.7.3.4";

std::vector<Subtree> subtrees(const Case& c) {
  std::vector<Subtree> all;
  if (!c.v.name_constraints) return all;
  all = c.v.name_constraints->permitted;
  all.insert(all.end(), c.v.name_constraints->excluded.begin(), c.v.name_constraints->excluded.end());
  return all;
}
template <GeneralName::Kind Kind>
bool constrains(const Case& c) {
  return any(subtrees(c), [](const Subtree& one) { return one.base.kind == Kind; });
}
bool reserved_constraint(const Case& c) {
  if (!c.v.name_constraints) return false;
  return any(c.v.name_constraints->permitted, [](const Subtree& one) {
    return one.base.kind == GeneralName::ip && is_private_address(std::string_view{one.base.value}.substr(0, one.base.value.size() / 2));
  });
}
bool uri_constraint_not_host(const Case& c) {
  return any(subtrees(c), [](const Subtree& one) {
    if (one.base.kind != GeneralName::uri) return false;
    std::string_view host{one.base.value};
    if (host.starts_with('.')) host.remove_prefix(1);
    return !is_host_name(host) || host.find('.') == std::string_view::npos;
  });
}

bool no_url(const Decoded<std::vector<DistributionPoint>>& points) {
  return !points || !any(*points, [](const DistributionPoint& point) {
    return any(point.names, [](const GeneralName& one) { return one.kind == GeneralName::uri && lower(one.value).starts_with("http://"); });
  });
}

bool wrong_purposes(const Case& c) {
  static constexpr std::string_view forbidden[] = {"1.3.6.1.5.5.7.3.3", email_protection, "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.4.1.11129.2.4.4"};
  if (c.v.has_purpose(oid::any_extended_key_usage)) return c.v.extended_key_usage->size() > 1;
  return c.v.extended_key_usage && any(*c.v.extended_key_usage, [](const std::string& one) { return std::ranges::find(forbidden, one) != std::end(forbidden); });
}
bool mixed_purposes(const Case& c) {
  return !c.v.extended_key_usage || c.v.has_purpose(oid::any_extended_key_usage) || (c.v.has_purpose(oid::server_auth) && c.v.has_purpose(email_protection));
}

bool path_length_out_of_place(const Case& c) {
  return c.v.basic_constraints && c.v.basic_constraints->path_length && (!c.v.is_authority() || may_not<KeyUsage::key_cert_sign>(c));
}

std::vector<std::string> reserved_policies(const Case& c) {
  std::vector<std::string> all;
  if (!c.v.policies) return all;
  for (const auto& one : *c.v.policies)
    if (one.type == policy::dv || one.type == policy::ov || one.type == policy::iv || one.type == policy::ev) all.push_back(one.type);
  return all;
}
// Any policy alone, or exactly one of the four reserved ones (section 7.1.2.10.5).
bool wrong_policies(const Case& c) {
  if (!c.v.policies) return true;
  const bool any_policy = c.v.has_policy(policy::any);
  if (any_policy) return c.v.policies->size() != 1;
  return reserved_policies(c).empty();
}

constexpr Rule rules[] = {
    {"e_basic_constraints_not_critical", "RFC 5280 4.2.1.9", Whom::authority, rfc2459, not_critical<oid::basic_constraints>, "the basic constraints of an authority are not critical: make it again with critical ones"},
    {"e_ca_common_name_missing", "BR 7.1.2.10.2", Whom::br_authority, day(2015, 4, 16), lacks<attribute::common_name>, "an authority has no common name: make it again with one"},
    {"e_ca_country_name_missing", "BR 7.1.2.10.2", Whom::br_authority, br1, lacks<attribute::country>, "an authority has no country: make it again with one if it is to be public"},
    {"e_ca_country_name_invalid", "BR 7.1.2.10.2", Whom::br_authority, br1, [](const Case& c) { return any(c.v.subject.all(attribute::country), [](const std::string& one) { return !one.empty() && !is_country(one); }); }, "an authority's country is no code of two letters: make it again with one"},
    {"e_ca_organization_name_missing", "BR 7.1.2.10.2", Whom::br_authority, br1, lacks<attribute::organization>, "an authority has no organization: make it again with one if it is to be public"},
    {"e_subj_orgunit_in_ca_cert", "BR 7.1.2.10.2", Whom::br_authority, br2, [](const Case& c) { return has<attribute::unit>(c) && (c.v.is_self_issued() || c.v.has_purpose(oid::server_auth)); }, "an authority has an organizational unit, which is forbidden: make it again without"},
    {"e_ca_key_usage_missing", "BR 7.1.2.1", Whom::authority, br1, missing<oid::key_usage>, "an authority has no key usage: make it again with certificate and CRL signing"},
    {"e_ca_key_usage_not_critical", "BR 7.1.2.1", Whom::authority, br1, not_critical<oid::key_usage>, "the key usage of an authority is not critical: make it again with a critical one"},
    {"e_ca_key_cert_sign_not_set", "BR 7.1.2.10.7", Whom::br_authority, br1, may_not<KeyUsage::key_cert_sign>, "an authority may not sign certificates by its key usage: make it again"},
    {"e_ca_crl_sign_not_set", "BR 7.1.2.10.7", Whom::br_authority, br1, may_not<KeyUsage::crl_sign>, "an authority may not sign revocation lists: make it again so that it may"},
    {"n_ca_digital_signature_not_set", "BR 7.1.2.10.7", Whom::br_authority, br1, may_not<KeyUsage::digital_signature>, "an authority cannot sign OCSP answers itself: fine unless it is to"},
    {"e_root_ca_key_usage_present", "BR 7.1.2.1", Whom::br_root, rfc2459, missing<oid::key_usage>, "a root has no key usage: make it again with certificate and CRL signing"},
    {"e_root_ca_key_usage_must_be_critical", "BR 7.1.2.1", Whom::br_root, br1, not_critical<oid::key_usage>, "the key usage of a root is not critical: make it again with a critical one"},
    {"e_root_ca_extended_key_usage_present", "BR 7.1.2.1", Whom::br_root, br1, present<oid::extended_key_usage>, "a root limits its purposes: make it again without extended key usage"},
    {"w_root_ca_basic_constraints_path_len_constraint_field_present", "BR 7.1.2.1", Whom::br_root, br1, [](const Case& c) { return c.v.basic_constraints && c.v.basic_constraints->path_length.has_value(); }, "a root limits the length of paths, which is not recommended: leave it where it is meant"},
    {"w_root_ca_contains_cert_policy", "BR 7.1.2.1", Whom::br_root, br1, present<oid::certificate_policies>, "a root has policies, which is not recommended: make it again without"},
    {"e_ext_subject_key_identifier_missing_ca", "RFC 5280 4.2.1.2", Whom::authority, rfc2459, missing<oid::subject_key_identifier>, "an authority has no subject key identifier: make it again with one"},
    {"e_sub_ca_aia_marked_critical", "BR 7.1.2.2", Whom::br_sub_ca, br1, critical<oid::authority_information_access>, "an intermediate's authority information access is critical: have it not critical"},
    {"e_sub_ca_aia_missing", "BR 7.1.2.2", Whom::br_sub_ca, br1, missing<oid::authority_information_access>, "an intermediate has no authority information access: have it issued again with one", day(2020, 9, 30)},
    {"w_sub_ca_aia_missing", "BR 7.1.2.2", Whom::br_sub_ca, day(2020, 9, 30), missing<oid::authority_information_access>, "an intermediate has no authority information access: have it issued again with one"},
    {"w_sub_ca_aia_does_not_contain_issuing_ca_url", "BR 7.1.2.2", Whom::br_sub_ca, br1, [](const Case& c) { return !has_url(c.v.authority_access, access::issuers, "http://"); }, "an intermediate does not say where to fetch its issuer's certificate: serve the whole chain", br2},
    {"e_ca_aia_non_http_url", "BR 7.1.2.10.3", Whom::br_authority, br2, [](const Case& c) { return c.v.authority_access && any(*c.v.authority_access, [](const Access& one) { return one.location.kind != GeneralName::uri || !lower(one.location.value).starts_with("http://"); }); }, "an authority's information is to be fetched by other means than HTTP: have http:// addresses only"},
    {"e_sub_ca_certificate_policies_missing", "BR 7.1.2.2", Whom::br_sub_ca, br1, missing<oid::certificate_policies>, "an intermediate has no policies: have it issued again with them if it is to be public"},
    {"w_sub_ca_certificate_policies_marked_critical", "BR 7.1.2.2", Whom::br_sub_ca, br1, critical<oid::certificate_policies>, "an intermediate's policies are critical: have them not critical"},
    {"e_invalid_ca_certificate_policies", "BR 7.1.2.10.5", Whom::br_sub_ca, br2, wrong_policies, "an intermediate's policies are neither any policy alone nor a reserved one: have it issued again"},
    {"e_ca_multiple_reserved_policy_oids", "BR 7.1.2.10.5", Whom::br_sub_ca, br2, [](const Case& c) { return !c.v.has_policy(policy::any) && c.v.policies && reserved_policies(c).size() != 1; }, "an intermediate has not exactly one reserved policy: have it issued again"},
    {"e_sub_ca_crl_distribution_points_missing", "BR 7.1.2.2", Whom::br_sub_ca, br1, missing<oid::crl_distribution_points>, "an intermediate does not say where its revocation is listed: have it issued again with an address"},
    {"e_sub_ca_crl_distribution_points_marked_critical", "BR 7.1.2.2", Whom::br_sub_ca, br1, critical<oid::crl_distribution_points>, "an intermediate's CRL distribution points are critical: have them not critical"},
    {"e_sub_ca_crl_distribution_points_does_not_contain_url", "BR 7.1.2.2", Whom::br_sub_ca, br1, [](const Case& c) { return present<oid::crl_distribution_points>(c) && no_url(c.v.distribution_points); }, "an intermediate has no HTTP address among its CRL distribution points: have one there"},
    {"n_sub_ca_eku_missing", "BR 7.1.5", Whom::br_sub_ca, br1, missing<oid::extended_key_usage>, "an intermediate is not limited to purposes: limit it to server authentication"},
    {"n_sub_ca_eku_not_technically_constrained", "BR 7.1.2.2", Whom::sub_ca, day(2013, 7, 26), [](const Case& c) { return c.v.extended_key_usage && !c.v.has_purpose(oid::server_auth) && !c.v.has_purpose(oid::client_auth); }, "an intermediate is neither for servers nor for clients: use another"},
    {"w_sub_ca_eku_critical", "BR 7.1.2.2", Whom::br_sub_ca, br1, critical<oid::extended_key_usage>, "an intermediate's extended key usage is critical: have it not critical"},
    {"e_ca_invalid_eku", "BR 7.1.2", Whom::br_sub_ca, br2, wrong_purposes, "an intermediate for servers has other purposes too: have it issued again without"},
    {"n_mp_allowed_eku", "Mozilla 5.3", Whom::sub_ca, day(2019, 1, 1), mixed_purposes, "an intermediate may be used for servers and mail, or anything: limit it to one"},
    {"w_sub_ca_name_constraints_not_critical", "BR 7.1.2.2", Whom::br_sub_ca, br1, not_critical<oid::name_constraints>, "an intermediate's name constraints are not critical: have them critical"},
    {"e_ext_name_constraints_not_critical", "RFC 5280 4.2.1.10", Whom::all, rfc2459, not_critical<oid::name_constraints>, "the name constraints are not critical, so that old programs pass over them: have them critical"},
    {"e_ext_name_constraints_not_in_ca", "RFC 5280 4.2.1.10", Whom::leaf, rfc2459, present<oid::name_constraints>, "there are name constraints though it is no authority: have it issued without"},
    {"e_name_constraint_empty", "RFC 5280 4.2.1.10", Whom::all, rfc5280, [](const Case& c) { return c.v.name_constraints && !c.v.name_constraints->has_permitted && !c.v.name_constraints->has_excluded; }, "the name constraints are empty: name what is allowed"},
    {"e_name_constraint_maximum_not_absent", "RFC 5280 4.2.1.10", Whom::all, rfc2459, [](const Case& c) { return any(subtrees(c), [](const Subtree& one) { return one.has_maximum; }); }, "a name constraint has a maximum: leave it out"},
    {"e_name_constraint_minimum_non_zero", "RFC 5280 4.2.1.10", Whom::all, rfc2459, [](const Case& c) { return any(subtrees(c), [](const Subtree& one) { return one.has_minimum; }); }, "a name constraint has a minimum: leave it out"},
    {"e_name_constraint_not_fqdn", "RFC 5280 4.2.1.10", Whom::all, rfc5280, uri_constraint_not_host, "a name constraint for URIs is no full DNS name: write it in full"},
    {"w_name_constraint_on_edi_party_name", "RFC 5280 4.2.1.10", Whom::all, rfc5280, constrains<GeneralName::edi>, "a name constraint is about EDI party names, which nobody checks: leave it out"},
    {"w_name_constraint_on_registered_id", "RFC 5280 4.2.1.10", Whom::all, rfc5280, constrains<GeneralName::registered>, "a name constraint is about registered ids, which nobody checks: leave it out"},
    {"w_name_constraint_on_x400", "RFC 5280 4.2.1.10", Whom::all, rfc5280, constrains<GeneralName::x400>, "a name constraint is about X.400 addresses, which nobody checks: leave it out"},
    {"e_ext_nc_intersects_reserved_ip", "BR 7.1.5", Whom::br_all, br1, reserved_constraint, "a name constraint allows private or reserved addresses, which no public authority may: use an authority of your own"},
    {"e_path_len_constraint_improperly_included", "RFC 5280 4.2.1.9", Whom::all, rfc3280, path_length_out_of_place, "there is a path length though it is no authority that signs certificates: leave it out"},
    {"e_path_len_constraint_zero_or_less", "RFC 5280 4.2.1.9", Whom::all, rfc2459, [](const Case& c) { return c.v.basic_constraints && c.v.basic_constraints->path_length.value_or(0) < 0; }, "the path length is negative: make it again with 0 or more"},
    {"e_inhibit_any_policy_not_critical", "RFC 5280 4.2.1.14", Whom::all, rfc3280, not_critical<oid::inhibit_any_policy>, "inhibit any policy is not critical: have it critical"},
};

}  // namespace

std::span<const Rule> authority_rules() {
  return rules;
}

}  // namespace sp::certs::lint
