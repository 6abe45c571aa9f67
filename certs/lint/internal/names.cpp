#include <algorithm>
#include <set>

#include "certs/lint/internal/rule.h"

// The names that a certificate is for.
namespace sp::certs::lint {
namespace {

bool any_label(const std::string& name, bool (*test)(std::string_view)) {
  return any(labels_of(name), test);
}

/// The label before the public suffix, and those before that.
struct Parts {
  std::string_view second;
  std::vector<std::string_view> before;
};
Parts parts_of(const Case& c, const std::string& name) {
  const auto labels = labels_of(name);
  std::string_view rest{name};
  for (std::size_t i = 0; i + 1 < labels.size(); ++i) {
    rest.remove_prefix(labels[i].size() + 1);
    if (c.suffixes.contains(rest))
      return {labels[i], {labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(i)}};
  }
  return {};
}

bool has_underscore(std::string_view label) {
  return label.find('_') != std::string_view::npos;
}

bool hyphen_in_second(const Case& c) {
  return any_dns(c, [&](const std::string& name) {
    const auto second = parts_of(c, name).second;
    return second.starts_with('-') || second.ends_with('-');
  });
}
bool underscore_in_second(const Case& c) {
  return any_dns(c, [&](const std::string& name) { return has_underscore(parts_of(c, name).second); });
}
bool underscore_below(const Case& c) {
  return any_dns(c, [&](const std::string& name) { return any(parts_of(c, name).before, has_underscore); });
}
bool any_underscore(const Case& c) {
  return any_dns(c, has_underscore);
}
bool underscore_no_replacement(const Case& c) {
  return any_dns(c, [](const std::string& name) {
    if (!has_underscore(name)) return false;
    auto replaced = name;
    std::ranges::replace(replaced, '_', '-');
    return !is_host_name(replaced) && !is_wildcard(replaced);
  });
}

bool empty_label(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    return any_label(name, [](std::string_view label) { return label.empty(); });
  });
}
bool long_label(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    return any_label(name, [](std::string_view label) { return label.size() > 63; });
  });
}
bool bad_character(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    return any_label(name, [](std::string_view label) {
      return label != "*" && !std::ranges::all_of(label, [](char x) {
               return (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9') || x == '-' || x == '_' || x == '*';
             });
    });
  });
}
bool is_bare_suffix(const Case& c, const std::string& name) {
  return c.suffixes.contains(name);
}
bool unknown_top(const Case& c) {
  if (c.suffixes.empty()) return false;
  return any(all_hosts(c), [&](const std::string& name) {
    const auto top = std::string{labels_of(name).back()};
    return lower(top) != "onion" && !top.empty() && !c.suffixes.lists(top) && !c.suffixes.lists("x." + top);
  });
}
bool partial_wildcard(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    const auto first = labels_of(name).front();
    return first != "*" && first.find('*') != std::string_view::npos;
  });
}
bool inner_wildcard(const std::string& name) {
  const auto labels = labels_of(name);
  return any(std::span{labels}.subspan(1), [](std::string_view label) { return label.find('*') != std::string_view::npos; });
}
bool reserved_label(const Case& c) {
  return any_dns(c, [](const std::string& name) {
    return any_label(name, [](std::string_view label) {
      return label.size() > 3 && label[2] == '-' && label[3] == '-' && !lower(label).starts_with("xn--");
    });
  });
}
template <GeneralName::Kind Kind>
bool has_kind(const Case& c) {
  return c.v.alternative_names && any(*c.v.alternative_names, [](const GeneralName& one) { return one.kind == Kind; });
}
bool reserved_address(const Case& c) {
  return any(c.v.names(GeneralName::ip), is_private_address);
}
bool reserved_address_in_subject(const Case& c) {
  return any(c.v.subject.all(attribute::common_name), [](const std::string& name) {
    const auto address = address_bytes(name);
    return !address.empty() && is_private_address(address);
  });
}

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char x) { return static_cast<unsigned char>(x) < 0x80; });
}
bool is_absolute(const std::string& uri) {
  const auto colon = uri.find(':');
  return colon != std::string::npos && colon > 0 && uri.find_first_of("/?#") > colon;
}
bool uri_without_parts(const std::string& uri) {
  const auto colon = uri.find(':');
  return colon == std::string::npos || colon == 0 || uri.find_first_not_of('/', colon + 1) == std::string::npos ||
         !std::ranges::all_of(uri.substr(0, colon), [](char x) { return std::isalnum(static_cast<unsigned char>(x)) != 0 || x == '+' || x == '-' || x == '.'; });
}
bool uri_host_is_odd(const std::string& uri) {
  const auto colon = uri.find(':');
  if (!is_absolute(uri)) return true;
  if (colon + 1 < uri.size() && uri[colon + 1] != '/') return false;  // mailto:, urn: have no host
  const auto start = uri.find("//");
  if (start == std::string::npos) return true;
  auto host = uri.substr(start + 2, uri.find_first_of("/?#", start + 2) - start - 2);
  if (const auto at = host.rfind('@'); at != std::string::npos) host = host.substr(at + 1);
  if (host.starts_with('[')) return address_bytes(host.substr(1, host.find(']') - 1)).empty();
  host = host.substr(0, host.find(':'));
  if (!address_bytes(host).empty()) return false;
  return host.empty() || host.find('.') == std::string::npos || (!is_host_name(host) && !is_wildcard(host));
}
bool mailbox_with_trimmings(const std::string& address) {
  return address.find_first_of("<>()") != std::string::npos || address.find(' ') != std::string::npos;
}

const std::vector<GeneralName>& issuer_names(const Case& c) {
  static const std::vector<GeneralName> none;
  return c.v.issuer_names ? *c.v.issuer_names : none;
}
const std::vector<GeneralName>& names(const Case& c) {
  static const std::vector<GeneralName> none;
  return c.v.alternative_names ? *c.v.alternative_names : none;
}
/// A test for the alternative names of the subject, and one for the issuer's.
template <GeneralName::Kind Kind, bool (*Wrong)(const std::string&)>
bool wrong_name(const Case& c) {
  return any(names(c), [](const GeneralName& one) { return one.kind == Kind && Wrong(one.value); });
}
template <GeneralName::Kind Kind, bool (*Wrong)(const std::string&)>
bool wrong_issuer_name(const Case& c) {
  return any(issuer_names(c), [](const GeneralName& one) { return one.kind == Kind && Wrong(one.value); });
}
bool not_ascii(const std::string& text) {
  return !is_ascii(text);
}
bool not_absolute(const std::string& uri) {
  return !is_absolute(uri);
}
bool is_space(const std::string& name) {
  return name == " ";
}
bool bare_wildcard(const std::string& name) {
  return name.ends_with('*');
}
bool has_null(const std::string& name) {
  return name.find('\0') != std::string::npos;
}
bool starts_with_dot(const std::string& name) {
  return name.starts_with('.');
}
bool wildcard_later(const std::string& name) {
  return name.find('*', 1) != std::string::npos;
}
bool empty_name(const std::vector<GeneralName>& all) {
  return any(all, [](const GeneralName& one) {
    return one.value.empty() || (one.kind == GeneralName::directory && one.value == std::string("\x30\x00", 2));
  });
}

bool repeated_name(const Case& c) {
  std::set<std::string> seen;
  return any_dns(c, [&](const std::string& name) { return !seen.insert(lower(name)).second; });
}

bool is_onion(const std::string& name) {
  return lower(name).ends_with(".onion");
}
// A version 3 address: 56 characters of base32; a version 2: 16.
bool bad_onion(const Case& c) {
  return any(all_hosts(c), [&](const std::string& name) {
    if (!is_onion(name)) return false;
    const auto labels = labels_of(name);
    const auto address = lower(labels[labels.size() - 2]);
    const bool is_old = address.size() == 16;
    return (address.size() != 56 && !is_old) || (is_old && !is_ev(c.v)) ||
           !std::ranges::all_of(address, [](char x) { return (x >= 'a' && x <= 'z') || (x >= '2' && x <= '7'); });
  });
}

/// The address that a name below in-addr.arpa or ip6.arpa stands for; empty for other names.
std::string arpa_address(const std::string& name, bool& malformed) {
  const auto text = lower(name);
  auto labels = labels_of(text);
  const bool v4 = text.ends_with(".in-addr.arpa");
  const bool v6 = text.ends_with(".ip6.arpa");
  malformed = false;
  if (!v4 && !v6) return {};
  labels.resize(labels.size() - 2);
  std::ranges::reverse(labels);
  std::string address;
  if (v4) {
    malformed = labels.size() < 4;
    for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 4); ++i) address += (i == 0 ? "" : ".") + std::string{labels[i]};
  } else {
    malformed = labels.size() < 32;
    for (std::size_t i = 0; i < std::min<std::size_t>(labels.size(), 32); ++i) address += (i > 0 && i % 4 == 0 ? ":" : "") + std::string{labels[i]};
  }
  const auto bytes = address_bytes(address);
  malformed = malformed || bytes.empty();
  return bytes;
}
bool arpa_reserved(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    bool malformed = false;
    const auto address = arpa_address(name, malformed);
    return !malformed && !address.empty() && is_private_address(address);
  });
}
bool arpa_malformed(const Case& c) {
  return any(all_hosts(c), [](const std::string& name) {
    bool malformed = false;
    arpa_address(name, malformed);
    return malformed;
  });
}

constexpr Day no_underscores = day(2018, 12, 10);
constexpr Day end_of_underscores = day(2019, 4, 1);

constexpr Rule rules[] = {
    {"e_ext_san_missing", "BR 7.1.4.2.1", Whom::br_leaf, br1, missing<oid::subject_alternative_name>, "there are no alternative names: issue it with the names of the server in it"},
    {"e_ext_san_no_entries", "RFC 5280 4.2.1.6", Whom::all, rfc2459, [](const Case& c) { return c.v.alternative_names && c.v.alternative_names->empty(); }, "the alternative names are empty: put the names of the server into them"},
    {"e_ext_san_empty_name", "RFC 5280 4.2.1.6", Whom::all, rfc5280, [](const Case& c) { return empty_name(names(c)); }, "an alternative name is empty: leave it out"},
    {"e_ext_san_space_dns_name", "RFC 5280 4.2.1.6", Whom::all, rfc2459, wrong_name<GeneralName::dns, is_space>, "a DNS name is a space: leave it out"},
    {"e_ext_san_dns_not_ia5_string", "RFC 5280 4.2.1.6", Whom::all, rfc2459, wrong_name<GeneralName::dns, not_ascii>, "a DNS name has characters outside ASCII: write it as xn--"},
    {"e_ext_san_dns_name_too_long", "RFC 5280", Whom::all, rfc5280, [](const Case& c) { return any_dns(c, [](const std::string& n) { return n.size() > 253; }); }, "a DNS name has more than 253 characters: use a shorter one"},
    {"e_ext_san_directory_name_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::directory>, "there is a directory name among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_edi_party_name_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::edi>, "there is an EDI party name among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_other_name_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::other>, "there is an other name among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_registered_id_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::registered>, "there is a registered id among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_rfc822_name_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::email>, "there is a mailbox among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_uniform_resource_identifier_present", "BR 7.1.4.2.1", Whom::br_all, br1, has_kind<GeneralName::uri>, "there is a URI among the alternative names: leave DNS names and addresses only"},
    {"e_ext_san_contains_reserved_ip", "BR 7.1.4.2.1", Whom::br_leaf, br1, reserved_address, "it names a private or reserved address, which no public authority may: use an authority of your own for it"},
    {"e_subject_contains_reserved_ip", "BR 7.1.4.2.1", Whom::br_leaf, br1, reserved_address_in_subject, "its common name is a private or reserved address, which no public authority may name: use an authority of your own for it"},
    {"e_subject_contains_reserved_arpa_ip", "BR 7.1.4.2.1", Whom::br_all, br1, arpa_reserved, "a name below .arpa stands for a reserved address: leave it out"},
    {"w_subject_contains_malformed_arpa_ip", "BR 7.1.4.2.1", Whom::br_all, br1, arpa_malformed, "a name below .arpa stands for no whole address: leave it out"},
    {"e_ext_san_rfc822_format_invalid", "RFC 5280 4.2.1.6", Whom::all, rfc2459, wrong_name<GeneralName::email, mailbox_with_trimmings>, "a mailbox has brackets, a comment or spaces: write local@domain alone"},
    {"e_ext_san_uri_format_invalid", "RFC 5280 4.2.1.6", Whom::all, rfc5280, wrong_name<GeneralName::uri, uri_without_parts>, "a URI has no scheme or nothing after it: write it in full"},
    {"e_ext_san_uri_relative", "RFC 5280 4.2.1.6", Whom::all, rfc5280, wrong_name<GeneralName::uri, not_absolute>, "a URI is relative: write it in full"},
    {"e_ext_san_uri_not_ia5", "RFC 5280 4.2.1.6", Whom::all, rfc5280, wrong_name<GeneralName::uri, not_ascii>, "a URI has characters outside ASCII: encode them"},
    {"e_ext_san_uri_host_not_fqdn_or_ip", "RFC 5280 4.2.1.6", Whom::all, rfc5280, wrong_name<GeneralName::uri, uri_host_is_odd>, "the host of a URI is neither a full DNS name nor an address: write it in full"},
    {"e_ext_ian_dns_not_ia5_string", "RFC 5280 4.2.1.7", Whom::all, rfc2459, wrong_issuer_name<GeneralName::dns, not_ascii>, "a DNS name of the issuer has characters outside ASCII: write it as xn--"},
    {"e_ext_ian_empty_name", "RFC 5280 4.2.1.7", Whom::all, rfc2459, [](const Case& c) { return empty_name(issuer_names(c)); }, "an alternative name of the issuer is empty: leave it out"},
    {"e_ext_ian_no_entries", "RFC 5280 4.2.1.7", Whom::all, rfc2459, [](const Case& c) { return c.v.issuer_names && c.v.issuer_names->empty(); }, "the issuer's alternative names are empty: leave the extension out"},
    {"e_ext_ian_rfc822_format_invalid", "RFC 5280 4.2.1.7", Whom::all, rfc2459, wrong_issuer_name<GeneralName::email, mailbox_with_trimmings>, "a mailbox of the issuer has brackets, a comment or spaces: write local@domain alone"},
    {"e_ext_ian_space_dns_name", "RFC 5280 4.2.1.7", Whom::all, rfc2459, wrong_issuer_name<GeneralName::dns, is_space>, "a DNS name of the issuer is a space: leave it out"},
    {"e_ext_ian_uri_format_invalid", "RFC 5280 4.2.1.7", Whom::all, rfc5280, wrong_issuer_name<GeneralName::uri, uri_without_parts>, "a URI of the issuer has no scheme or nothing after it: write it in full"},
    {"e_ext_ian_uri_relative", "RFC 5280 4.2.1.7", Whom::all, rfc5280, wrong_issuer_name<GeneralName::uri, not_absolute>, "a URI of the issuer is relative: write it in full"},
    {"e_ext_ian_uri_not_ia5", "RFC 5280 4.2.1.7", Whom::all, rfc5280, wrong_issuer_name<GeneralName::uri, not_ascii>, "a URI of the issuer has characters outside ASCII: encode them"},
    {"e_ext_ian_uri_host_not_fqdn_or_ip", "RFC 5280 4.2.1.7", Whom::all, rfc5280, wrong_issuer_name<GeneralName::uri, uri_host_is_odd>, "the host of a URI of the issuer is neither a full DNS name nor an address: write it in full"},
    {"e_ian_bare_wildcard", "practice", Whom::all, always, wrong_issuer_name<GeneralName::dns, bare_wildcard>, "a wildcard of the issuer has nothing to its right: write *.domain"},
    {"e_ian_dns_name_includes_null_char", "practice", Whom::all, always, wrong_issuer_name<GeneralName::dns, has_null>, "a DNS name of the issuer has a null character in it: leave it out"},
    {"e_ian_dns_name_starts_with_period", "practice", Whom::all, always, wrong_issuer_name<GeneralName::dns, starts_with_dot>, "a DNS name of the issuer begins with a period: leave it out"},
    {"e_ian_wildcard_not_first", "practice", Whom::all, always, wrong_issuer_name<GeneralName::dns, wildcard_later>, "a wildcard of the issuer is not the first label: write *.domain"},
    {"w_ian_iana_pub_suffix_empty", "practice", Whom::all, always, [](const Case& c) { return any(issuer_names(c), [&](const GeneralName& one) { return one.kind == GeneralName::dns && is_bare_suffix(c, one.value.starts_with("*.") ? one.value.substr(2) : one.value); }); }, "a DNS name of the issuer is a public suffix: name a domain below it"},
    {"e_san_bare_wildcard", "practice", Whom::all, always, wrong_name<GeneralName::dns, bare_wildcard>, "a wildcard has nothing to its right: write *.domain"},
    {"e_san_dns_name_includes_null_char", "practice", Whom::all, always, wrong_name<GeneralName::dns, has_null>, "a DNS name has a null character in it: have it issued again"},
    {"e_san_dns_name_starts_with_period", "practice", Whom::all, always, wrong_name<GeneralName::dns, starts_with_dot>, "a DNS name begins with a period: name the host, or use *.domain"},
    {"e_san_wildcard_not_first", "practice", Whom::all, always, wrong_name<GeneralName::dns, wildcard_later>, "a wildcard is not the first label: write *.domain"},
    {"n_san_dns_name_duplicate", "practice", Whom::all, always, repeated_name, "a DNS name stands there twice: name it once"},
    {"e_dnsname_bad_character_in_label", "BR 7.1.4.2", Whom::br_leaf, br1, bad_character, "a name has characters other than letters, digits and hyphens: write international names as xn--"},
    {"e_dnsname_contains_bare_iana_suffix", "BR 1.6.1", Whom::br_leaf, br1, [](const Case& c) { return any(all_hosts(c), [&](const std::string& n) { return is_bare_suffix(c, n); }); }, "a name is a public suffix: name a domain below it"},
    {"e_dnsname_contains_prohibited_reserved_label", "BR 7.1.4.2.1", Whom::br_leaf, day(2021, 10, 1), reserved_label, "a label has hyphens in third and fourth place and is no xn--: use another name"},
    {"e_dnsname_empty_label", "BR 7.1.4.2", Whom::br_leaf, br1, empty_label, "a name has an empty label (two dots, or one at an end): write it without"},
    {"e_rfc_dnsname_empty_label", "RFC 5280 4.2.1.6", Whom::all, rfc5280, empty_label, "a name has an empty label (two dots, or one at an end): write it without"},
    {"e_dnsname_hyphen_in_sld", "BR 7.1.4.2", Whom::br_leaf, rfc5280, hyphen_in_second, "a domain begins or ends with a hyphen: use its right name"},
    {"e_rfc_dnsname_hyphen_in_sld", "RFC 5280 4.2.1.6", Whom::all, rfc5280, hyphen_in_second, "a domain begins or ends with a hyphen: use its right name"},
    {"e_dnsname_label_too_long", "RFC 1035", Whom::br_leaf, br1, long_label, "a label has more than 63 characters: use a shorter name"},
    {"e_rfc_dnsname_label_too_long", "RFC 1035", Whom::all, rfc5280, long_label, "a label has more than 63 characters: use a shorter name"},
    {"e_dnsname_left_label_wildcard_correct", "BR 1.6.1", Whom::br_all, br1, partial_wildcard, "a wildcard is only a part of its label: write *.domain"},
    {"e_dnsname_wildcard_only_in_left_label", "BR 1.6.1", Whom::br_all, br1, [](const Case& c) { return any(all_hosts(c), inner_wildcard); }, "a wildcard is not the first label: write *.domain"},
    {"e_dnsname_not_valid_tld", "BR 3.2.2.4", Whom::br_leaf, br1, unknown_top, "a name ends in no known top-level domain, so that no public authority may name it: use an authority of your own for it"},
    {"e_dnsname_underscore_in_sld", "BR 7.1.4.2.1", Whom::br_leaf, rfc5280, underscore_in_second, "a domain has an underscore in it: use its right name"},
    {"e_rfc_dnsname_underscore_in_sld", "RFC 5280 4.2.1.6", Whom::all, rfc5280, underscore_in_second, "a domain has an underscore in it: use its right name"},
    {"w_dnsname_underscore_in_trd", "BR 7.1.4.2.1", Whom::br_leaf, rfc5280, underscore_below, "a host name has an underscore in it: use hyphens"},
    {"w_rfc_dnsname_underscore_in_trd", "RFC 5280 4.1.2.6", Whom::all, rfc5280, underscore_below, "a host name has an underscore in it: use hyphens"},
    {"e_no_underscores_before_1_6_2", "BR 7.1.4.2.1", Whom::br_leaf, always, any_underscore, "a name has an underscore in it: use hyphens", no_underscores},
    {"e_underscore_not_permissible_in_dnsname", "BR 7.1.4.2.1", Whom::br_leaf, end_of_underscores, any_underscore, "a name has an underscore in it: use hyphens"},
    {"e_underscore_permissible_in_dnsname_if_valid_when_replaced", "BR 7.1.4.2.1", Whom::br_leaf, no_underscores, underscore_no_replacement, "a name is none even with hyphens for underscores: use a right one", end_of_underscores},
    {"e_underscore_present_with_too_long_validity", "BR 7.1.4.2.1", Whom::br_leaf, no_underscores, [](const Case& c) { return any_underscore(c) && life(c.v) > std::chrono::days{30}; }, "a name with an underscore may live 30 days at most: use hyphens", end_of_underscores},
    {"n_dnsname_wildcard_left_of_public_suffix", "BR 3.2.2.6", Whom::br_leaf, br1, [](const Case& c) { return any(all_hosts(c), [&](const std::string& n) { return n.starts_with("*.") && is_bare_suffix(c, n.substr(2)); }); }, "a wildcard stands right above a public suffix: use one for a domain of yours"},
    {"n_contains_redacted_dnsname", "practice", Whom::all, always, [](const Case& c) { return any(all_hosts(c), [](const std::string& n) { return n.starts_with("?."); }); }, "a name is redacted with a question mark: name the host"},
    {"e_san_dns_name_onion_invalid", "RFC 7686", Whom::br_leaf, day(2015, 5, 1), bad_onion, "an .onion name is no address of that network: use the right one"},
    {"e_san_dns_name_onion_not_ev_cert", "BR appendix B", Whom::br_leaf, day(2015, 5, 1), [](const Case& c) { return any(all_hosts(c), is_onion) && !is_ev(c.v); }, "an .onion name needs extended validation: leave it out", day(2020, 2, 20)},
    {"w_ext_san_critical_with_subject_dn", "RFC 5280 4.2.1.6", Whom::all, rfc5280, [](const Case& c) { return c.v.is_critical(oid::subject_alternative_name) && !c.v.subject.empty(); }, "the alternative names are critical though there is a subject: have them not critical"},
    {"e_ext_san_not_critical_without_subject", "RFC 5280 4.2.1.6", Whom::all, rfc5280, [](const Case& c) { return not_critical<oid::subject_alternative_name>(c) && c.v.subject.empty(); }, "without a subject the alternative names must be critical: have them so"},
    {"w_ext_ian_critical", "RFC 5280 4.2.1.7", Whom::all, rfc2459, critical<oid::issuer_alternative_name>, "the issuer's alternative names are critical: have them not critical"},
    {"e_subject_empty_without_san", "RFC 5280 4.2", Whom::all, rfc5280, [](const Case& c) { return c.v.subject.empty() && missing<oid::subject_alternative_name>(c); }, "it has neither subject nor alternative names: name what it is for"},
};

}  // namespace

std::span<const Rule> name_rules() {
  return rules;
}

}  // namespace sp::certs::lint
