#pragma once
// What a certificate says (RFC 5280), read from its bytes by our own code: OpenSSL forgives and
// hides much of what the rules are about.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"
#include "base/time/clock.h"
#include "certs/x509/der.h"

namespace sp::certs {

/// A larger certificate is refused before it is read.
inline constexpr std::size_t largest_certificate = 256 * 1024;

namespace oid {
inline constexpr std::string_view common_name = "2.5.4.3";
inline constexpr std::string_view subject_key_identifier = "2.5.29.14";
inline constexpr std::string_view key_usage = "2.5.29.15";
inline constexpr std::string_view subject_alternative_name = "2.5.29.17";
inline constexpr std::string_view issuer_alternative_name = "2.5.29.18";
inline constexpr std::string_view basic_constraints = "2.5.29.19";
inline constexpr std::string_view crl_number = "2.5.29.20";
inline constexpr std::string_view name_constraints = "2.5.29.30";
inline constexpr std::string_view crl_distribution_points = "2.5.29.31";
inline constexpr std::string_view certificate_policies = "2.5.29.32";
inline constexpr std::string_view policy_mappings = "2.5.29.33";
inline constexpr std::string_view authority_key_identifier = "2.5.29.35";
inline constexpr std::string_view policy_constraints = "2.5.29.36";
inline constexpr std::string_view extended_key_usage = "2.5.29.37";
inline constexpr std::string_view freshest_crl = "2.5.29.46";
inline constexpr std::string_view inhibit_any_policy = "2.5.29.54";
inline constexpr std::string_view authority_information_access = "1.3.6.1.5.5.7.1.1";
inline constexpr std::string_view subject_information_access = "1.3.6.1.5.5.7.1.11";
inline constexpr std::string_view any_extended_key_usage = "2.5.29.37.0";
inline constexpr std::string_view server_auth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view client_auth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view rsa = "1.2.840.113549.1.1.1";
inline constexpr std::string_view rsa_pss = "1.2.840.113549.1.1.10";
inline constexpr std::string_view dsa = "1.2.840.10040.4.1";
inline constexpr std::string_view ec = "1.2.840.10045.2.1";
inline constexpr std::string_view ed25519 = "1.3.101.112";
inline constexpr std::string_view p256 = "1.2.840.10045.3.1.7";
inline constexpr std::string_view p384 = "1.3.132.0.34";
inline constexpr std::string_view p521 = "1.3.132.0.35";
}  // namespace oid

struct Attribute {
  std::string type;   ///< object identifier
  std::uint8_t tag;   ///< of the value: which kind of string
  std::string value;  ///< the bytes of the value
  std::size_t rdn;    ///< index of the relative name that it stands in
};

struct Name {
  std::vector<Attribute> attributes;
  BytesView der;
  [[nodiscard]] bool empty() const { return attributes.empty(); }
  [[nodiscard]] std::vector<std::string> all(std::string_view type) const;
  [[nodiscard]] bool has(std::string_view type) const { return !all(type).empty(); }
};

/// GeneralName (RFC 5280 section 4.2.1.6); the values are the tags.
struct GeneralName {
  enum Kind : std::uint8_t {
    other = 0,
    email = 1,
    dns = 2,
    x400 = 3,
    directory = 4,
    edi = 5,
    uri = 6,
    ip = 7,
    registered = 8
  } kind;
  std::string value;  ///< content bytes; for a directory name the whole SEQUENCE
};

struct Extension {
  std::string type;
  bool critical = false;
  BytesView value;
};

struct Algorithm {
  std::string type;
  std::optional<der::Element> parameters;
  BytesView der;
};

struct Moment {
  std::uint8_t tag = 0;
  std::string text;
  std::optional<Instant> at;  ///< nothing when it is not in one of the forms of RFC 5280
};

struct BasicConstraints {
  bool authority = false;
  std::optional<std::int64_t> path_length;
};

/// A set bit of KeyUsage is a set bit here: 1 << number.
struct KeyUsage {
  enum Bit : unsigned {
    digital_signature = 0,
    content_commitment,
    key_encipherment,
    data_encipherment,
    key_agreement,
    key_cert_sign,
    crl_sign,
    encipher_only,
    decipher_only
  };
  unsigned bits = 0;
  [[nodiscard]] bool has(Bit bit) const { return (bits >> bit & 1U) != 0; }
};

struct AuthorityKey {
  std::optional<BytesView> id;
  bool names_issuer = false;
  bool names_serial = false;
};

struct Subtree {
  GeneralName base;
  bool has_minimum = false;  ///< other than zero
  bool has_maximum = false;
};
struct NameConstraints {
  bool has_permitted = false;
  bool has_excluded = false;
  std::vector<Subtree> permitted;
  std::vector<Subtree> excluded;
};

struct Qualifier {
  std::string type;
  std::optional<der::Element> value;
};
struct Policy {
  std::string type;
  std::vector<Qualifier> qualifiers;
};

struct Access {
  std::string method;
  GeneralName location;
};

struct DistributionPoint {
  std::vector<GeneralName> names;
  bool has_point = false;
  bool has_reasons = false;
  bool has_issuer = false;
};

/// Each decoded extension: absent, or there but malformed, or there with its value.
template <class T>
struct Decoded {
  bool present = false;
  std::optional<T> value;
  [[nodiscard]] bool malformed() const { return present && !value; }
  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  const T* operator->() const { return &*value; }
};

class View {
 public:
  /// `invalid_input` when `der` is no certificate at all. A malformed extension is no reason: it
  /// is marked as such. The view keeps its own copy of the bytes.
  static Result<View> parse(BytesView der);

  int version = 1;
  BytesView serial;  ///< content octets
  Algorithm inner_signature;
  Algorithm outer_signature;
  Name issuer;
  Name subject;
  Moment from;
  Moment until;
  Algorithm key;
  BytesView signature;  ///< without the count of unused bits
  BytesView key_bits;   ///< of the BIT STRING, without the count of unused bits
  bool has_unique_id = false;
  std::vector<Extension> extensions;

  Decoded<BasicConstraints> basic_constraints;
  Decoded<KeyUsage> key_usage;
  Decoded<std::vector<std::string>> extended_key_usage;
  Decoded<std::vector<GeneralName>> alternative_names;
  Decoded<std::vector<GeneralName>> issuer_names;
  Decoded<AuthorityKey> authority_key;
  Decoded<BytesView> subject_key;
  Decoded<NameConstraints> name_constraints;
  Decoded<std::vector<Policy>> policies;
  Decoded<std::vector<Access>> authority_access;
  Decoded<std::vector<DistributionPoint>> distribution_points;

  [[nodiscard]] const Extension* find(std::string_view type) const;
  [[nodiscard]] bool is_critical(std::string_view type) const;
  [[nodiscard]] bool is_authority() const {
    return basic_constraints && basic_constraints->authority;
  }
  /// Subject and issuer are the same bytes.
  [[nodiscard]] bool is_self_issued() const;
  /// Its alternative names of one kind, as bytes.
  [[nodiscard]] std::vector<std::string> names(GeneralName::Kind kind) const;
  [[nodiscard]] bool has_purpose(std::string_view purpose) const;
  [[nodiscard]] bool has_policy(std::string_view policy) const;
  [[nodiscard]] BytesView der() const { return *bytes_; }

 private:
  Outcome read();
  void read_extensions();
  std::shared_ptr<const Bytes> bytes_;  // all views point into it
};

/// UTCTime or GeneralizedTime in the form that RFC 5280 section 4.1.2.5 asks for.
std::optional<Instant> parse_time(std::uint8_t tag, std::string_view text);
/// A GeneralName; nothing when its tag is none.
std::optional<GeneralName> general_name(const der::Element& element);
/// "CN=example, O=Example" for people, with every byte outside printable ASCII escaped.
std::string name_text(const Name& name);

/// The numbers in an RSA public key: modulus and exponent, without leading zeros.
struct RsaKey {
  BytesView modulus;
  BytesView exponent;
  [[nodiscard]] std::size_t bits() const;
};
std::optional<RsaKey> rsa_key(const View& view);
/// The named curve of an EC key; empty when it is none or explicit.
std::string curve_of(const View& view);

}  // namespace sp::certs
