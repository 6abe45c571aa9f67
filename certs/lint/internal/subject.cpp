#include <algorithm>
#include <map>
#include <set>

#include "certs/lint/internal/rule.h"

// Who it is for: the subject, and the issuer's name.
namespace sp::certs::lint {
namespace {

using namespace attribute;

const std::vector<Attribute>& of_subject(const Case& c) {
  return c.v.subject.attributes;
}
const std::vector<Attribute>& of_issuer(const Case& c) {
  return c.v.issuer.attributes;
}

bool names_someone(const Case& c) {
  return has<organization>(c) || has<given_name>(c) || has<surname>(c);
}

bool blank_at(const std::vector<Attribute>& all, bool front) {
  return any(all, [&](const Attribute& one) {
    if (one.value.empty()) return false;
    return std::string_view{" \t\n\r"}.find(front ? one.value.front() : one.value.back()) != std::string_view::npos;
  });
}
bool crowded(const std::vector<Attribute>& all) {
  std::set<std::size_t> seen;
  return any(all, [&](const Attribute& one) { return !seen.insert(one.rdn).second; });
}

bool country_not_printable(const std::vector<Attribute>& all) {
  return any(all, [](const Attribute& one) { return one.type == country && one.tag != der::printable_string; });
}

// ISO 3166-1 alpha-2, and XX for what has none (Baseline Requirements 7.1.2.7.3).
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI "
    "CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ "
    "GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
    "PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XX XK ";

std::string upper(std::string text) {
  for (char& x : text)
    if (x >= 'a' && x <= 'z') x = static_cast<char>(x - 32);
  return text;
}
}  // namespace

bool is_country(std::string_view value) {
  return value.size() == 2 && countries.find(upper(std::string{value}) + " ") % 3 == 0;
}

namespace {

bool foreign_country(const Case& c) {
  return any(c.v.subject.all(country), [](const std::string& one) { return !is_country(one); });
}
bool small_country(const Case& c) {
  return any(c.v.subject.all(country), [](const std::string& one) { return one != upper(one); });
}

bool says_nothing(const Case& c) {
  return any(of_subject(c), [](const Attribute& one) {
    return !one.value.empty() && one.type != serial && std::ranges::all_of(one.value, [](char x) { return x == '.' || x == '-' || x == ' ' || x == '*'; });
  });
}

bool control_characters(const std::string& value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto byte = static_cast<unsigned char>(value[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < value.size() && static_cast<unsigned char>(value[i + 1]) < 0xA0) return true;
  }
  return false;
}
bool unreadable_place(const Case& c) {
  return any(of_subject(c), [](const Attribute& one) {
    return (one.type == province || one.type == locality) && (control_characters(one.value) || one.value.find_first_of("\\:={}[]|\";") != std::string::npos);
  });
}
bool unprintable(const Case& c) {
  return any(of_subject(c), [](const Attribute& one) { return one.tag != der::bmp_string && control_characters(one.value); });
}

// Twice the same type and value (section 7.1.4.1); domainComponent is meant to be repeated.
bool repeated_pair(const Case& c) {
  std::map<std::string, int> count;
  for (const auto& one : of_subject(c)) ++count[one.type];
  for (const auto& [type, times] : count)
    if (times > 1 && type != "0.9.2342.19200300.100.1.25" && type != street) return true;
  return false;
}

// Country first, then province, locality, ... (Baseline Requirements 7.1.4.2, table).
bool wrong_order(const Case& c) {
  static constexpr std::string_view order[] = {"0.9.2342.19200300.100.1.25", country, province, locality, postal_code, street,
                                               organization, surname, given_name, unit, common_name};
  std::size_t last = 0;
  for (const auto& one : of_subject(c)) {
    const auto* at = std::ranges::find(order, one.type);
    if (at == std::end(order)) continue;
    const auto here = static_cast<std::size_t>(at - order);
    if (here < last) return true;
    last = here;
  }
  return false;
}

bool common_name_not_in_names(const Case& c) {
  const auto names = host_names(c.v);
  return any(c.v.subject.all(common_name), [&](const std::string& one) {
    return std::ranges::none_of(names, [&](const auto& name) { return lower(name) == lower(one); });
  });
}

bool html_entities(const Case& c) {
  static constexpr std::string_view entities[] = {"&amp;", "&quot;", "&lt;", "&gt;", "&apos;", "&nbsp;"};
  return any(of_subject(c), [](const Attribute& one) {
    const auto text = lower(one.value);
    if (any(entities, [&](std::string_view entity) { return text.find(entity) != std::string::npos; })) return true;
    const auto start = text.find("&");
    const auto end = text.find(';', start == std::string::npos ? 0 : start);
    if (start == std::string::npos || end == std::string::npos || end - start < 3 || end - start > 9) return false;
    return std::ranges::all_of(text.substr(start + 1, end - start - 1), [](char x) { return (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') || x == '#'; });
  });
}

// UTF-8 taken for Latin-1 and encoded again: a C3 82..83 or C3 85 and a continuation of C2.
bool mixed_up(const Case& c) {
  return any(of_subject(c), [](const Attribute& one) {
    const auto& text = one.value;
    for (std::size_t i = 0; i + 3 < text.size(); ++i)
      if (text[i] == '\xC3' && static_cast<unsigned char>(text[i + 1]) >= 0x82 && static_cast<unsigned char>(text[i + 1]) <= 0x8A && text[i + 2] == '\xC2') return true;
    return false;
  });
}

template <const std::string_view& Type>
bool ev_lacks(const Case& c) {
  return is_ev(c.v) && lacks<Type>(c);
}
bool odd_business(const Case& c) {
  static constexpr std::string_view known[] = {"Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"};
  return is_ev(c.v) && any(c.v.subject.all(business), [](const std::string& one) { return std::ranges::find(known, one) == std::end(known); });
}
bool ev_extra(const Case& c) {
  static constexpr std::string_view known[] = {common_name, serial, country, locality, province, street, organization, unit, business, postal_code, organization_id,
                                               "1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2", "1.3.6.1.4.1.311.60.2.1.3", "0.9.2342.19200300.100.1.25"};
  return is_ev(c.v) && any(of_subject(c), [](const Attribute& one) { return std::ranges::find(known, one.type) == std::end(known); });
}

bool dv_with_more(const Case& c) {
  return c.v.has_policy(policy::dv) && any(of_subject(c), [](const Attribute& one) { return one.type != country && one.type != common_name; });
}

constexpr Rule rules[] = {
    {"e_issuer_field_empty", "RFC 5280 4.1.2.4", Whom::all, rfc2459, [](const Case& c) { return c.v.issuer.empty(); }, "it names no issuer: have it issued again"},
    {"e_ca_subject_field_empty", "RFC 5280 4.1.2.6", Whom::authority, rfc2459, [](const Case& c) { return c.v.subject.empty(); }, "an authority has no name: make it again with one"},
    {"e_issuer_dn_country_not_printable_string", "RFC 5280 A.1", Whom::all, always, [](const Case& c) { return country_not_printable(of_issuer(c)); }, "the issuer's country is no PrintableString: have the authority's name fixed"},
    {"e_subject_dn_country_not_printable_string", "RFC 5280 A.1", Whom::all, always, [](const Case& c) { return country_not_printable(of_subject(c)); }, "the country is no PrintableString: have it issued again"},
    {"e_subject_dn_not_printable_characters", "RFC 5280 A.1", Whom::all, always, unprintable, "the subject has control characters: leave them out"},
    {"e_state_or_province_name_must_not_contain_control_characters", "BR 3.2.2.1", Whom::br_all, br1, unreadable_place, "the province or locality has control or odd characters: leave them out"},
    {"e_subject_common_name_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<common_name, 64>, "the common name has more than 64 characters: shorten it or leave it out"},
    {"e_subject_dn_serial_number_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<serial, 64>, "the subject's serial number has more than 64 characters: shorten it"},
    {"e_subject_email_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<email, 255>, "the subject's mailbox has more than 255 characters: shorten it"},
    {"e_subject_locality_name_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<locality, 128>, "the locality has more than 128 characters: shorten it"},
    {"e_subject_organization_name_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<organization, 64>, "the organization has more than 64 characters: shorten it"},
    {"e_subject_organizational_unit_name_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<unit, 64>, "the organizational unit has more than 64 characters: shorten it"},
    {"e_subject_postal_code_max_length", "X.520", Whom::all, rfc2459, longer<postal_code, 16>, "the postal code has more than 16 characters: shorten it"},
    {"e_subject_state_name_max_length", "RFC 5280 A.1", Whom::all, rfc2459, longer<province, 128>, "the province has more than 128 characters: shorten it"},
    {"e_subject_street_address_max_length", "X.520", Whom::all, rfc2459, longer<street, 128>, "the street has more than 128 characters: shorten it"},
    {"w_issuer_dn_leading_whitespace", "practice", Whom::all, always, [](const Case& c) { return blank_at(of_issuer(c), true); }, "a part of the issuer's name begins with a space: have the authority's name fixed"},
    {"w_issuer_dn_trailing_whitespace", "practice", Whom::all, always, [](const Case& c) { return blank_at(of_issuer(c), false); }, "a part of the issuer's name ends with a space: have the authority's name fixed"},
    {"w_subject_dn_leading_whitespace", "practice", Whom::all, always, [](const Case& c) { return blank_at(of_subject(c), true); }, "a part of the subject begins with a space: leave it out"},
    {"w_subject_dn_trailing_whitespace", "practice", Whom::all, always, [](const Case& c) { return blank_at(of_subject(c), false); }, "a part of the subject ends with a space: leave it out"},
    {"w_multiple_issuer_rdn", "practice", Whom::all, always, [](const Case& c) { return crowded(of_issuer(c)); }, "two parts of the issuer's name share a place: have the authority's name fixed"},
    {"n_multiple_subject_rdn", "practice", Whom::all, always, [](const Case& c) { return crowded(of_subject(c)); }, "two parts of the subject share a place, which may be a mistake: give each its own"},
    {"e_subject_country_not_iso", "BR 7.1.4.2.2", Whom::br_all, br1, foreign_country, "the country is no code of ISO 3166: use two letters, or XX"},
    {"e_subj_country_not_uppercase", "ISO 3166-2", Whom::all, always, small_country, "the country's code is not in capitals: write it in capitals"},
    {"e_subject_contains_noninformational_value", "BR 7.1.4.2.2", Whom::br_leaf, br1, says_nothing, "a part of the subject says nothing (dots, hyphens): leave it out"},
    {"e_duplicate_subject_attribs", "BR 7.1.4.1", Whom::br_all, br2, repeated_pair, "a part of the subject stands there twice: keep one"},
    {"e_invalid_subject_rdn_order", "BR 7.1.4.2", Whom::br_leaf, br2, wrong_order, "the parts of the subject are not in the order country, province, locality, organization, common name: put them so"},
    {"e_subject_common_name_not_from_san", "BR 7.1.4.2.2", Whom::br_leaf, br1, common_name_not_in_names, "the common name is not among the alternative names: use one of them, or none"},
    {"w_subject_common_name_included", "BR 7.1.2.7.1", Whom::br_leaf, br2, has<common_name>, "there is a common name, which is not recommended: leave it out where no old program needs it"},
    {"n_subject_common_name_included", "BR 7.1.4.2.2", Whom::br_leaf, br1, has<common_name>, "there is a common name, which is deprecated: leave it out", br2},
    {"w_extra_subject_common_names", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return c.v.subject.all(common_name).size() > 1; }, "there are several common names: keep one or none"},
    {"e_subject_contains_organizational_unit_name_and_no_organization_name", "BR 7.1.4.2.2", Whom::br_all, day(2021, 8, 25), [](const Case& c) { return has<unit>(c) && lacks<organization>(c); }, "there is an organizational unit without organization: leave it out"},
    {"e_organizational_unit_name_prohibited", "BR 7.1.4.2.2", Whom::br_leaf, day(2022, 9, 1), has<unit>, "there is an organizational unit, which is forbidden: leave it out"},
    {"e_sub_cert_country_name_must_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return names_someone(c) && lacks<country>(c); }, "it names an organization or a person without country: add it"},
    {"e_sub_cert_locality_name_must_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return names_someone(c) && lacks<locality>(c) && lacks<province>(c); }, "it names an organization or a person without locality and province: add one"},
    {"e_sub_cert_province_must_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return names_someone(c) && lacks<locality>(c) && lacks<province>(c); }, "it names an organization or a person without province and locality: add one"},
    {"e_sub_cert_locality_name_must_not_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return !names_someone(c) && has<locality>(c); }, "there is a locality though nobody is named: leave it out"},
    {"e_sub_cert_province_must_not_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return !names_someone(c) && has<province>(c); }, "there is a province though nobody is named: leave it out"},
    {"e_sub_cert_postal_code_must_not_appear", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return !names_someone(c) && has<postal_code>(c); }, "there is a postal code though nobody is named: leave it out"},
    {"e_sub_cert_street_address_should_not_exist", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return !names_someone(c) && has<street>(c); }, "there is a street though nobody is named: leave it out"},
    {"e_sub_cert_given_name_surname_contains_correct_policy", "BR 7.1.4.2.2", Whom::br_leaf, br1, [](const Case& c) { return (has<given_name>(c) || has<surname>(c)) && !c.v.has_policy(policy::iv) && !c.v.has_policy(policy::ev); }, "a person is named without the policy for individual validation: leave the name out"},
    {"e_cab_dv_conflicts_with_locality", "BR 7.1.6.4", Whom::br_leaf, br1, conflicts<policy::dv, locality>, "domain validation does not prove a locality: leave it out", br2},
    {"e_cab_dv_conflicts_with_org", "BR 7.1.6.4", Whom::br_leaf, br1, conflicts<policy::dv, organization>, "domain validation does not prove an organization: leave it out", br2},
    {"e_cab_dv_conflicts_with_postal", "BR 7.1.6.4", Whom::br_leaf, br1, conflicts<policy::dv, postal_code>, "domain validation does not prove a postal code: leave it out", br2},
    {"e_cab_dv_conflicts_with_province", "BR 7.1.6.4", Whom::br_leaf, br1, conflicts<policy::dv, province>, "domain validation does not prove a province: leave it out", br2},
    {"e_cab_dv_conflicts_with_street", "BR 7.1.6.4", Whom::br_leaf, br1, conflicts<policy::dv, street>, "domain validation does not prove a street: leave it out", br2},
    {"e_cab_dv_subject_invalid_values", "BR 7.1.2.7.2", Whom::br_leaf, br2, dv_with_more, "with domain validation the subject may have country and common name alone: leave out the rest"},
    {"e_cab_iv_requires_personal_name", "BR 7.1.6.4", Whom::br_all, br1, [](const Case& c) { return c.v.has_policy(policy::iv) && lacks<organization>(c) && !(has<given_name>(c) && has<surname>(c)); }, "individual validation needs given name and surname: name them", br2},
    {"e_cab_iv_requires_personal_name_strict", "BR 7.1.2.7.3", Whom::br_leaf, br2, [](const Case& c) { return c.v.has_policy(policy::iv) && !(has<given_name>(c) && has<surname>(c)); }, "individual validation needs given name and surname: name them"},
    {"e_cert_policy_iv_requires_country", "BR 7.1.2.7.3", Whom::br_leaf, day(2015, 9, 28), [](const Case& c) { return c.v.has_policy(policy::iv) && lacks<country>(c); }, "individual validation needs a country: name it"},
    {"e_cert_policy_iv_requires_province_or_locality", "BR 7.1.6.4", Whom::br_leaf, br1, [](const Case& c) { return c.v.has_policy(policy::iv) && lacks<locality>(c) && lacks<province>(c); }, "individual validation needs a locality or province: name one"},
    {"e_cert_policy_ov_requires_province_or_locality", "BR 7.1.6.4", Whom::br_leaf, br1, [](const Case& c) { return c.v.has_policy(policy::ov) && lacks<locality>(c) && lacks<province>(c); }, "organization validation needs a locality or province: name one"},
    {"e_subj_contains_html_entities", "practice", Whom::all, always, html_entities, "the subject has HTML entities in it: write the characters themselves"},
    {"e_utf8_latin1_mixup", "practice", Whom::all, always, mixed_up, "a part of the subject was encoded twice: write its letters in UTF-8 once"},
    {"e_ev_business_category_missing", "EVG 9.2.3", Whom::leaf, always, ev_lacks<business>, "extended validation needs a business category: add it"},
    {"e_ev_country_name_missing", "EVG 9.2.4", Whom::leaf, always, ev_lacks<country>, "extended validation needs a country: add it"},
    {"e_ev_organization_name_missing", "EVG 9.2.1", Whom::leaf, always, ev_lacks<organization>, "extended validation needs an organization: add it"},
    {"e_ev_serial_number_missing", "EVG 9.2.6", Whom::leaf, always, ev_lacks<serial>, "extended validation needs a registration number: add it"},
    {"e_ev_invalid_business_category", "EVG 7.1.4.2.3", Whom::leaf, day(2011, 1, 1), odd_business, "the business category is none of the four: correct it"},
    {"e_ev_extra_subject_attribs", "EVG 7.1.4.2.9", Whom::leaf, day(2020, 1, 1), ev_extra, "the subject has parts that extended validation does not know: leave them out"},
    {"e_ev_san_ip_address_present", "EVG 9.8.1", Whom::leaf, day(2021, 8, 1), [](const Case& c) { return is_ev(c.v) && !c.v.names(GeneralName::ip).empty(); }, "extended validation allows no addresses: leave DNS names only"},
};

}  // namespace

std::span<const Rule> subject_rules() {
  return rules;
}

}  // namespace sp::certs::lint
