#include "certs/verify/rules.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <set>

namespace sp::certs::verify {
namespace {

enum class Place : std::uint8_t { leaf, intermediate, root };

/// One certificate of a path, with what its rules may ask.
struct Seat {
  const View& view;
  Place place;
  const Question& question;
  const PublicSuffixes& suffixes;
  [[nodiscard]] bool is_root() const { return place == Place::root; }
  [[nodiscard]] bool webpki() const { return question.policy == Policy::webpki; }
  /// Where a certificate alone is its own root, there is nobody above it to name.
  [[nodiscard]] bool has_issuer() const { return !view.is_self_issued(); }
};

/// True when the rule is broken.
using Test = bool (*)(const Seat&);

// ----- every certificate of a path

bool old_version(const Seat& seat) {
  return seat.view.version != 3;
}

// Roots of old have the serial number 0 and are trusted all the same.
bool bad_serial(const Seat& seat) {
  const auto serial = seat.view.serial;
  if (seat.is_root()) return false;
  if (serial.empty() || serial.size() > 20) return true;
  const bool negative = (std::to_integer<unsigned>(serial.front()) & 0x80U) != 0;
  return negative || std::ranges::all_of(serial, [](std::byte b) { return b == std::byte{0}; });
}

bool repeated_extension(const Seat& seat) {
  std::set<std::string_view> seen;
  return !std::ranges::all_of(seat.view.extensions,
                              [&](const Extension& one) { return seen.insert(one.type).second; });
}

bool malformed_extension(const Seat& seat) {
  const auto& v = seat.view;
  return v.basic_constraints.malformed() || v.key_usage.malformed() ||
         v.extended_key_usage.malformed() || v.alternative_names.malformed() ||
         v.authority_key.malformed() || v.subject_key.malformed() ||
         v.name_constraints.malformed() || v.authority_access.malformed();
}

bool critical_hint(const Seat& seat) {
  return seat.view.is_critical(oid::authority_key_identifier) ||
         seat.view.is_critical(oid::subject_key_identifier) ||
         seat.view.is_critical(oid::authority_information_access);
}

bool weak_key(const Seat& seat) {
  const auto& view = seat.view;
  if (view.key.type == oid::dsa) return true;
  if (view.key.type == oid::rsa || view.key.type == oid::rsa_pss) {
    const auto key = rsa_key(view);
    return !key || key->bits() < 2048 || key->bits() % 8 != 0;
  }
  if (view.key.type == oid::ec) {
    const auto curve = curve_of(view);
    return curve != oid::p256 && curve != oid::p384 && curve != oid::p521;
  }
  return seat.webpki() || view.key.type != oid::ed25519;
}

bool empty_issuer(const Seat& seat) {
  return seat.view.issuer.empty();
}

bool not_yet_valid(const Seat& seat) {
  const auto& at = seat.question.at;
  return at && (!seat.view.from.at || *at < *seat.view.from.at);
}

// The last second counts (RFC 5280 section 4.1.2.5), with its fractions: times in certificates
// have whole seconds.
bool expired(const Seat& seat) {
  const auto& at = seat.question.at;
  return at && (!seat.view.until.at ||
                std::chrono::floor<std::chrono::seconds>(*at) > *seat.view.until.at);
}

bool no_authority_key(const Seat& seat) {
  return seat.has_issuer() && !(seat.view.authority_key && seat.view.authority_key->id);
}

// ----- authorities

bool no_authority(const Seat& seat) {
  return !seat.view.is_authority();
}

bool constraints_not_critical(const Seat& seat) {
  return !seat.view.is_critical(oid::basic_constraints);
}

bool may_not_sign(const Seat& seat) {
  return seat.view.key_usage && !seat.view.key_usage->has(KeyUsage::key_cert_sign);
}

bool no_subject(const Seat& seat) {
  return seat.view.subject.empty();
}

bool no_subject_key(const Seat& seat) {
  return !seat.view.subject_key;
}

bool policy_constraints_not_critical(const Seat& seat) {
  const auto* extension = seat.view.find(oid::policy_constraints);
  return extension != nullptr && !extension->critical;
}

bool is_bad_dns_constraint(const std::string& base) {
  return !base.empty() && !is_host_name(base);
}

// An address and a mask whose set bits come first.
bool is_bad_ip_constraint(const std::string& base) {
  if (base.size() != 8 && base.size() != 32) return true;
  bool ended = false;
  for (const char byte : std::string_view{base}.substr(base.size() / 2))
    for (unsigned bit = 8; bit-- > 0;) {
      const bool set = (static_cast<unsigned char>(byte) >> bit & 1U) != 0;
      if (set && ended) return true;
      ended = ended || !set;
    }
  return false;
}

// A mailbox, a host, or a domain with a dot before it (RFC 5280 section 4.2.1.10). The local part
// may be any characters that an address may have, also an asterisk.
bool is_bad_email_constraint(const std::string& base) {
  if (base.find('@') != std::string::npos) return !is_mailbox(base);
  const std::string_view domain{base};
  return !is_host_name(domain.starts_with('.') ? domain.substr(1) : domain);
}

bool is_bad_constraint(const Subtree& tree) {
  const auto& base = tree.base;
  if (tree.has_minimum || tree.has_maximum) return true;
  if (base.kind == GeneralName::dns) return is_bad_dns_constraint(base.value);
  if (base.kind == GeneralName::ip) return is_bad_ip_constraint(base.value);
  return base.kind == GeneralName::email && is_bad_email_constraint(base.value);
}

bool bad_name_constraints(const Seat& seat) {
  const auto& constraints = seat.view.name_constraints;
  if (!constraints) return false;
  return (constraints->permitted.empty() && constraints->excluded.empty()) ||
         std::ranges::any_of(constraints->permitted, is_bad_constraint) ||
         std::ranges::any_of(constraints->excluded, is_bad_constraint) ||
         (!seat.webpki() && !seat.view.is_critical(oid::name_constraints));
}

bool root_with_purpose(const Seat& seat) {
  return seat.webpki() && seat.view.extended_key_usage.present;
}

// Baseline Requirements 7.1.2.1.3: the key identifier of its own key, and nothing else.
bool root_with_foreign_authority_key(const Seat& seat) {
  const auto& key = seat.view.authority_key;
  if (!key || !seat.view.is_self_issued()) return false;
  return !key->id || key->names_issuer || key->names_serial ||
         (seat.view.subject_key && !std::ranges::equal(*key->id, *seat.view.subject_key));
}

// ----- the leaf

bool no_alternative_name(const Seat& seat) {
  return !seat.view.alternative_names || seat.view.alternative_names->empty();
}

bool criticality_of_names(const Seat& seat) {
  const bool critical = seat.view.is_critical(oid::subject_alternative_name);
  return seat.view.subject.empty() ? !critical : critical && seat.webpki();
}

bool bad_alternative_name(const Seat& seat) {
  const auto bad = [](const GeneralName& name) {
    if (name.kind == GeneralName::dns) return !is_host_name(name.value) && !is_wildcard(name.value);
    if (name.kind == GeneralName::ip) return name.value.size() != 4 && name.value.size() != 16;
    return name.kind == GeneralName::email && !is_mailbox(name.value);
  };
  return std::ranges::any_of(*seat.view.alternative_names, bad);
}

// Who holds a private suffix (s3.amazonaws.com) names it too; nobody else could prove that name.
bool public_wildcard(const Seat& seat) {
  const auto names = seat.view.names(GeneralName::dns);
  return std::ranges::any_of(names, [&](const std::string& name) {
    if (!name.starts_with("*.")) return false;
    const auto base = name.substr(2);
    const bool holds_it =
        base.find('.') != std::string::npos && std::ranges::find(names, base) != names.end();
    return seat.suffixes.contains(base) && !holds_it;
  });
}

/// An address in whatever way of writing one: 0xC0A80101 and 192.168.001.001 too.
bool is_any_address(const std::string& text) {
  in_addr ignored{};
  return !address_bytes(text).empty() || ::inet_aton(text.c_str(), &ignored) != 0;
}

bool is_below(std::string_view name, std::string_view domain) {
  return name.size() > domain.size() && name.ends_with(domain) &&
         name[name.size() - domain.size() - 1] == '.';
}

// Programs that still read the common name must not be led elsewhere: one that looks like a host
// is, byte for byte, one of the names (Baseline Requirements 7.1.4.3), or the domain above one.
// A mere label is nobody's host. `check` knows the stricter rule.
bool misleading_common_name(const Seat& seat) {
  const auto dns = seat.view.names(GeneralName::dns);
  const auto names = host_names(seat.view);
  return std::ranges::any_of(seat.view.subject.all(oid::common_name), [&](const auto& one) {
    if (std::ranges::find(names, one) != names.end()) return false;
    if (is_any_address(one)) return true;
    return one.find('.') != std::string::npos && !dns.empty() &&
           !std::ranges::any_of(dns, [&](const auto& name) { return is_below(name, one); });
  });
}

bool common_name_elsewhere(const Seat& seat) {
  return seat.webpki() && seat.question.purpose == Purpose::server && misleading_common_name(seat);
}

bool leaf_with_constraints(const Seat& seat) {
  return seat.view.name_constraints.present && !seat.view.is_authority();
}

bool leaf_is_authority(const Seat& seat) {
  return seat.webpki() && seat.view.is_authority();
}

bool leaf_may_sign(const Seat& seat) {
  return !seat.view.is_authority() && seat.view.key_usage &&
         seat.view.key_usage->has(KeyUsage::key_cert_sign);
}

bool wrong_purpose(const Seat& seat) {
  const auto& purposes = seat.view.extended_key_usage;
  const auto wanted =
      seat.question.purpose == Purpose::server ? oid::server_auth : oid::client_auth;
  if (!purposes.present) return seat.webpki();
  const bool any = seat.view.has_purpose(oid::any_extended_key_usage);
  if (seat.webpki()) return any || !seat.view.has_purpose(wanted);
  return !any && !seat.view.has_purpose(wanted);
}

bool critical_purpose(const Seat& seat) {
  return seat.webpki() && seat.view.is_critical(oid::extended_key_usage);
}

enum Where : unsigned { at_leaf = 1, at_intermediate = 2, at_root = 4, at_all = 7 };

struct Rule {
  unsigned where;
  Test broken;
  std::string_view sentence;  ///< after the certificate's name
};

// The order is that of the words that help most: a date before a technicality.
constexpr Rule rules[] = {
    {at_all, expired, "has expired: renew it"},
    {at_all, not_yet_valid, "is not valid yet: wait, or set the clock right"},
    {at_all, old_version, "is not of version 3: have it issued again"},
    {at_all, bad_serial,
     "has a serial number that is not positive or longer than 20 bytes: have it issued again"},
    {at_all, repeated_extension, "has an extension twice: have it issued again"},
    {at_all, malformed_extension, "has a malformed extension: have it issued again"},
    {at_all, critical_hint,
     "marks as critical what only helps to find its issuer: have it issued again"},
    {at_all, weak_key,
     "has a weak or unusual key: use ECDSA P-256 or P-384, or RSA of 2048 bits and more"},
    {at_all, empty_issuer, "names no issuer: have it issued again"},
    {at_leaf | at_intermediate, no_authority_key,
     "does not say whose key signed it (authority key identifier): have it issued again"},

    {at_intermediate | at_root, no_authority,
     "signs others but is no authority: use the right intermediate"},
    {at_intermediate | at_root, constraints_not_critical,
     "is an authority whose basic constraints are not critical: have it issued again"},
    {at_intermediate | at_root, may_not_sign,
     "may not sign certificates by its key usage: use the right intermediate"},
    {at_intermediate | at_root, no_subject, "is an authority without a name: have it issued again"},
    {at_intermediate | at_root, no_subject_key,
     "is an authority without subject key identifier: have it issued again"},
    {at_intermediate | at_root, policy_constraints_not_critical,
     "has policy constraints that are not critical: have it issued again"},
    {at_intermediate | at_root, bad_name_constraints,
     "has empty or malformed name constraints: have it issued again"},
    {at_root, root_with_purpose,
     "is a root that limits its purposes: use a root without extended key usage"},
    {at_root, root_with_foreign_authority_key,
     "is a root whose authority key identifier is not its own key's: use a sound root"},

    {at_leaf, no_alternative_name, "has no subject alternative name: get one with the names in it"},
    {at_leaf, criticality_of_names,
     "must mark its alternative names as critical exactly when it has no subject: have it issued "
     "again"},
    {at_leaf, bad_alternative_name,
     "has a name that is no DNS name, address or mailbox in its right form: have it issued again"},
    {at_leaf, public_wildcard,
     "has a wildcard over other people's domains: get one for a domain of yours"},
    {at_leaf, common_name_elsewhere,
     "has a common name that is not letter for letter among its alternative names: have it issued "
     "again without"},
    {at_leaf, leaf_with_constraints,
     "has name constraints, which only authorities may have: have it issued again"},
    {at_leaf, leaf_is_authority,
     "is an authority's, not a server's or client's: issue one under it and use that"},
    {at_leaf, leaf_may_sign,
     "may sign certificates though it is no authority: have it issued again"},
    {at_leaf, wrong_purpose,
     "is not for this purpose by its extended key usage: get one with exactly that purpose"},
    {at_leaf, critical_purpose, "marks its purposes as critical: have it issued again"},
};

std::optional<std::string> broken_at(const Seat& seat) {
  const unsigned here = seat.place == Place::leaf           ? at_leaf
                        : seat.place == Place::intermediate ? at_intermediate
                                                            : at_root;
  for (const auto& rule : rules)
    if ((rule.where & here) != 0 && rule.broken(seat))
      return "\"" + name_text(seat.view.subject) + "\" " + std::string{rule.sentence};
  return std::nullopt;
}

// ----- the path as a whole

/// A wildcard covers names that an excluded subtree forbids, or that no permitted one allows,
/// where neither shows in its own text.
bool wildcard_escapes(const std::string& name, const NameConstraints& constraints) {
  if (!name.starts_with("*.")) return false;
  const auto covers = [&](const Subtree& tree) {
    return tree.base.kind == GeneralName::dns && dns_matches(name, tree.base.value);
  };
  return std::ranges::any_of(constraints.excluded, covers);
}

bool any_wildcard_escapes(Path path) {
  for (const auto* authority : path.subspan(1))
    if (authority->view.name_constraints)
      for (const auto& name : path.front()->view.names(GeneralName::dns))
        if (wildcard_escapes(name, *authority->view.name_constraints)) return true;
  return false;
}

bool too_deep(Path path, const Question& question) {
  if (!question.max_depth || path.size() < 3) return false;
  const auto between = path.subspan(1, path.size() - 2);
  const auto counted = std::ranges::count_if(
      between, [](const Certificate* one) { return !one->view.is_self_issued(); });
  return static_cast<std::size_t>(counted) > *question.max_depth;
}

// RFC 5280 section 5.2.3: CRLs have a number, and it is not critical.
bool has_good_number(X509_CRL* list) {
  const int at = ::X509_CRL_get_ext_by_NID(list, NID_crl_number, -1);
  return at >= 0 && ::X509_EXTENSION_get_critical(::X509_CRL_get_ext(list, at)) == 0;
}

std::optional<Instant> instant_of(const ASN1_TIME* time) {
  if (time == nullptr) return std::nullopt;
  const std::string_view text{reinterpret_cast<const char*>(::ASN1_STRING_get0_data(time)),
                              static_cast<std::size_t>(::ASN1_STRING_length(time))};
  return parse_time(static_cast<std::uint8_t>(::ASN1_STRING_type(time)), text);
}

std::optional<std::string> broken_list(const Question& question) {
  for (const auto& list : question.crls) {
    if (!has_good_number(list.get()))
      return "a revocation list has no number, or a critical one: get a sound list from the "
             "authority";
    if (!question.at) continue;
    const auto until = instant_of(::X509_CRL_get0_nextUpdate(list.get()));
    const auto from = instant_of(::X509_CRL_get0_lastUpdate(list.get()));
    if (!from || *from > *question.at || (until && *until < *question.at))
      return "a revocation list is out of date: get the current one from the authority";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> broken_rule(Path path, const Question& question,
                                       const PublicSuffixes& suffixes) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto place = i == 0                 ? Place::leaf
                       : i + 1 == path.size() ? Place::root
                                              : Place::intermediate;
    if (auto broken = broken_at({path[i]->view, place, question, suffixes})) return broken;
  }
  if (too_deep(path, question))
    return "there are more intermediates than " + std::to_string(*question.max_depth) +
           ": use a shorter chain or a larger --max-depth";
  if (any_wildcard_escapes(path))
    return "a wildcard in the certificate covers names that the authority may not sign for: name "
           "the hosts one by one";
  return broken_list(question);
}

}  // namespace sp::certs::verify
