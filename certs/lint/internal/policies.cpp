#include <algorithm>
#include <set>

#include "certs/lint/internal/rule.h"

// The policies that it claims to follow.
namespace sp::certs::lint {
namespace {

constexpr std::string_view practice_statement = "1.3.6.1.5.5.7.2.1";
constexpr std::string_view user_notice = "1.3.6.1.5.5.7.2.2";

const std::vector<Policy>& policies(const Case& c) {
  static const std::vector<Policy> none;
  return c.v.policies ? *c.v.policies : none;
}
template <class Predicate>
bool any_qualifier(const Case& c, Predicate test) {
  return any(policies(c), [&](const Policy& one) { return any(one.qualifiers, test); });
}

/// The explicit texts of the user notices.
std::vector<der::Element> texts(const Case& c) {
  std::vector<der::Element> all;
  for (const auto& one : policies(c))
    for (const auto& qualifier : one.qualifiers) {
      if (qualifier.type != user_notice || !qualifier.value) continue;
      const auto parts = der::children(qualifier.value->content);
      if (!parts) continue;
      for (const auto& part : *parts)
        if (part.tag != der::sequence) all.push_back(part);
    }
  return all;
}
bool with_reference(const Case& c) {
  return any_qualifier(c, [](const Qualifier& one) {
    if (one.type != user_notice || !one.value) return false;
    const auto parts = der::children(one.value->content);
    return parts && any(*parts, [](const der::Element& part) { return part.tag == der::sequence; });
  });
}
bool long_text(const Case& c) {
  return any(texts(c), [](const der::Element& one) {
    return length({{}, one.tag, std::string{bytes::text(one.content)}, 0}) > 200;
  });
}
bool text_with_controls(const Case& c) {
  return any(texts(c), [](const der::Element& one) {
    if (one.tag != der::utf8_string) return false;
    const auto text = bytes::text(one.content);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < 0x20 || byte == 0x7F) return true;
      if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
    }
    return false;
  });
}

bool repeated_policy(const Case& c) {
  std::set<std::string> seen;
  return any(policies(c), [&](const Policy& one) { return !seen.insert(one.type).second; });
}
bool statement_not_web(const Case& c) {
  return any_qualifier(c, [](const Qualifier& one) {
    if (one.type != practice_statement || !one.value) return false;
    const auto url = lower(bytes::text(one.value->content));
    return !url.starts_with("http://") && !url.starts_with("https://");
  });
}

/// Each mapping's issuer policy and subject policy.
std::vector<std::pair<std::string, std::string>> mappings(const Case& c) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto* extension = c.v.find(oid::policy_mappings);
  const auto elements = extension == nullptr ? std::nullopt : der::sequence_of(extension->value);
  if (!elements) return all;
  for (const auto& element : *elements) {
    const auto parts = der::children(element.content);
    if (parts && parts->size() == 2) all.emplace_back(der::oid_text((*parts)[0].content), der::oid_text((*parts)[1].content));
  }
  return all;
}
bool empty_constraints(const Case& c) {
  const auto* extension = c.v.find(oid::policy_constraints);
  if (extension == nullptr) return false;
  const auto parts = der::sequence_of(extension->value);
  return parts && parts->empty();
}

constexpr Rule rules[] = {
    {"e_sub_cert_certificate_policies_missing", "BR 7.1.2.3", Whom::br_leaf, br1, missing<oid::certificate_policies>, "there is no policy, which public authorities must give: ask yours"},
    {"w_sub_cert_certificate_policies_marked_critical", "BR 7.1.2.3", Whom::br_leaf, br1, critical<oid::certificate_policies>, "the policies are critical: have them not critical"},
    {"e_sub_cert_cert_policy_empty", "BR 7.1.2.3", Whom::br_leaf, br1, [](const Case& c) { return policies(c).empty(); }, "there is no policy, which public authorities must give: ask yours"},
    {"e_ext_cert_policy_duplicate", "RFC 5280 4.2.1.4", Whom::all, rfc5280, repeated_policy, "a policy stands there twice: name it once"},
    {"e_ext_cert_policy_disallowed_any_policy_qualifier", "RFC 5280 4.2.1.4", Whom::all, rfc3280, [](const Case& c) { return any(policies(c), [](const Policy& one) { return one.type == policy::any && any(one.qualifiers, [](const Qualifier& q) { return q.type != practice_statement && q.type != user_notice; }); }); }, "any policy has a qualifier that it may not have: leave it out"},
    {"e_policy_qualifiers_other_than_cps_not_permitted", "BR 7.1.2.7.9", Whom::br_all, br2, [](const Case& c) { return any_qualifier(c, [](const Qualifier& one) { return one.type != practice_statement; }); }, "a policy has a qualifier other than the practice statement: leave it out"},
    {"e_invalid_cps_uri", "BR 7.1.2", Whom::br_all, br2, statement_not_web, "a practice statement is no web address: have http:// or https:// there"},
    {"w_ext_cert_policy_contains_noticeref", "RFC 5280 4.2.1.4", Whom::all, rfc3280, with_reference, "a policy refers to a notice, which nobody follows: leave it out"},
    {"e_ext_cert_policy_explicit_text_ia5_string", "RFC 6818 3", Whom::all, rfc6818, [](const Case& c) { return any(texts(c), [](const der::Element& one) { return one.tag == der::ia5_string; }); }, "a policy's text is an IA5String: have it as UTF8String"},
    {"e_ext_cert_policy_explicit_text_too_long", "RFC 6818 3", Whom::all, rfc6818, long_text, "a policy's text has more than 200 characters: shorten it"},
    {"w_ext_cert_policy_explicit_text_not_utf8", "RFC 6818 3", Whom::all, rfc6818, [](const Case& c) { return any(texts(c), [](const der::Element& one) { return one.tag != der::utf8_string; }); }, "a policy's text is no UTF8String: have it as one"},
    {"w_ext_cert_policy_explicit_text_includes_control", "RFC 6818 3", Whom::all, rfc6818, text_with_controls, "a policy's text has control characters: leave them out"},
    {"e_ext_policy_constraints_empty", "RFC 5280 4.2.1.11", Whom::all, rfc5280, empty_constraints, "the policy constraints are empty: leave them out"},
    {"e_ext_policy_constraints_not_critical", "RFC 5280 4.2.1.11", Whom::all, rfc5280, not_critical<oid::policy_constraints>, "the policy constraints are not critical: have them critical"},
    {"w_ext_policy_map_not_critical", "RFC 5280 4.2.1.5", Whom::all, rfc5280, not_critical<oid::policy_mappings>, "the policy mappings are not critical: have them critical"},
    {"e_ext_policy_map_any_policy", "RFC 5280 4.2.1.5", Whom::all, rfc3280, [](const Case& c) { return any(mappings(c), [](const auto& pair) { return pair.first == policy::any || pair.second == policy::any; }); }, "any policy is mapped, which it must not be: leave it out"},
    {"w_ext_policy_map_not_in_cert_policy", "RFC 5280 4.2.1.5", Whom::all, rfc5280, [](const Case& c) { return any(mappings(c), [&](const auto& pair) { return !c.v.has_policy(pair.first); }); }, "a mapped policy is not among the policies: add it"},
};

}  // namespace

std::span<const Rule> policy_rules() {
  return rules;
}

}  // namespace sp::certs::lint
