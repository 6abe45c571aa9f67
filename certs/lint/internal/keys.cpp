#include <openssl/bn.h>

#include <algorithm>

#include "base/openssl/handle.h"
#include "certs/lint/internal/rule.h"

// The public key, and the algorithm of the signature.
namespace sp::certs::lint {
namespace {

using BigNumber = openssl::Handle<BIGNUM, ::BN_free>;
using BigContext = openssl::Handle<BN_CTX, ::BN_CTX_free>;

// Arithmetic on larger numbers would cost a stranger's certificate too much of our time.
constexpr std::size_t most_bits = 16'384;

BigNumber big(BytesView bytes) {
  return BigNumber{::BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr)};
}

template <bool (*Wrong)(const RsaKey&)>
bool rsa_is(const Case& c) {
  const auto key = rsa_key(c.v);
  return key && key->bits() <= most_bits && Wrong(*key);
}
bool below_2048(const RsaKey& key) {
  return key.bits() < 2048;
}
bool below_1024(const RsaKey& key) {
  return key.bits() < 1024;
}
bool odd_bits(const RsaKey& key) {
  return key.bits() % 8 != 0;
}
bool is_even(BytesView number) {
  return number.empty() || (std::to_integer<unsigned>(number.back()) & 1U) == 0;
}
bool even_modulus(const RsaKey& key) {
  return is_even(key.modulus);
}
bool even_exponent(const RsaKey& key) {
  return is_even(key.exponent);
}
bool exponent_of_one(const RsaKey& key) {
  return key.exponent.size() == 1 && key.exponent[0] == std::byte{1};
}
bool exponent_below_three(const RsaKey& key) {
  return key.exponent.empty() || (key.exponent.size() == 1 && key.exponent[0] < std::byte{3});
}
// 2^16 + 1 to 2^256 - 1.
bool exponent_out_of_range(const RsaKey& key) {
  if (key.exponent.size() < 3) return true;
  return key.exponent.size() > 32;
}
bool small_factor(const RsaKey& key) {
  const auto modulus = big(key.modulus);
  for (BN_ULONG prime = 3; prime < 752; prime += 2)
    if (::BN_mod_word(modulus.get(), prime) == 0) return true;
  return false;
}
// Fermat: factors that are close together fall in a few steps.
bool close_factors(const RsaKey& key) {
  const auto n = big(key.modulus);
  if (key.bits() < 16 || even_modulus(key)) return false;
  const BigContext context{::BN_CTX_new()};
  const BigNumber a{::BN_new()};
  const BigNumber t{::BN_new()};
  const BigNumber root{::BN_new()};
  const auto integer_root = [&](BIGNUM* out, const BIGNUM* of) {  // Newton
    BN_one(out);
    ::BN_lshift(out, out, (::BN_num_bits(of) + 1) / 2);
    while (true) {
      ::BN_div(t.get(), nullptr, of, out, context.get());
      ::BN_add(t.get(), t.get(), out);
      ::BN_rshift1(t.get(), t.get());
      if (::BN_cmp(t.get(), out) >= 0) return;
      ::BN_copy(out, t.get());
    }
  };
  integer_root(a.get(), n.get());
  const BigNumber rest{::BN_new()};
  const BigNumber square{::BN_new()};
  for (int round = 0; round < 100; ++round) {
    ::BN_sqr(rest.get(), a.get(), context.get());
    ::BN_sub(rest.get(), rest.get(), n.get());
    if (!BN_is_negative(rest.get())) {
      integer_root(root.get(), rest.get());
      if (::BN_is_zero(rest.get())) return true;
      ::BN_sqr(square.get(), root.get(), context.get());
      if (::BN_cmp(square.get(), rest.get()) == 0) return true;
    }
    ::BN_add_word(a.get(), 1);
  }
  return false;
}

bool is_dsa(const Case& c) {
  return c.v.key.type == oid::dsa;
}

struct DsaKey {
  BigNumber p, q, g, y;
};
std::optional<DsaKey> dsa_key(const View& view) {
  if (view.key.type != oid::dsa || !view.key.parameters) return std::nullopt;
  const auto parts = der::children(view.key.parameters->content);
  der::Reader reader{view.key_bits};
  const auto y = reader.take(der::integer);
  if (!parts || parts->size() != 3 || !y) return std::nullopt;
  DsaKey key{big((*parts)[0].content), big((*parts)[1].content), big((*parts)[2].content), big(*y)};
  return ::BN_num_bits(key.p.get()) > 8192 || ::BN_num_bits(key.q.get()) > 1024 ? std::nullopt : std::optional{std::move(key)};
}
bool dsa_wrong_size(const Case& c) {
  const auto key = dsa_key(c.v);
  if (!key) return false;
  const int l = ::BN_num_bits(key->p.get());
  const int n = ::BN_num_bits(key->q.get());
  return !(l == 2048 && (n == 224 || n == 256)) && !(l == 3072 && n == 256);
}
bool dsa_short(const Case& c) {
  const auto key = dsa_key(c.v);
  return key && ::BN_num_bits(key->p.get()) < 2048;
}
bool dsa_wrong_order(const Case& c) {
  const auto key = dsa_key(c.v);
  if (!key || ::BN_is_zero(key->p.get()) || !::BN_is_odd(key->p.get())) return key.has_value();
  const BigContext context{::BN_CTX_new()};
  const BigNumber power{::BN_new()};
  ::BN_mod_exp(power.get(), key->y.get(), key->q.get(), key->p.get(), context.get());
  return !::BN_is_one(power.get());
}
bool dsa_not_unique(const Case& c) {
  const auto key = dsa_key(c.v);
  if (!key) return false;
  const BigNumber limit{::BN_dup(key->p.get())};
  ::BN_sub_word(limit.get(), 2);
  return ::BN_is_zero(key->y.get()) || ::BN_is_one(key->y.get()) || ::BN_cmp(key->y.get(), limit.get()) > 0;
}

bool odd_curve(const Case& c) {
  const auto curve = curve_of(c.v);
  return c.v.key.type == oid::ec && curve != oid::p256 && curve != oid::p384 && curve != oid::p521;
}
bool odd_key_type(const Case& c) {
  return c.v.key.type != oid::rsa && c.v.key.type != oid::dsa && c.v.key.type != oid::ec;
}

bool has_sha1(const Case& c) {
  static constexpr std::string_view known[] = {"1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3", "1.3.14.3.2.29"};
  return std::ranges::find(known, c.v.outer_signature.type) != std::end(known);
}
bool odd_signature(const Case& c) {
  static constexpr std::string_view known[] = {
      "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.10", "1.2.840.10040.4.3",
      "2.16.840.1.101.3.4.3.2", "1.2.840.10045.4.1", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4"};
  return std::ranges::find(known, c.v.outer_signature.type) == std::end(known);
}

bool is_null(const std::optional<der::Element>& parameters) {
  return parameters && parameters->tag == der::null && parameters->content.empty();
}
bool rsa_key_not_null(const Case& c) {
  return c.v.key.type == oid::rsa && !is_null(c.v.key.parameters);
}
bool is_rsa_signature(const Algorithm& algorithm) {
  static constexpr std::string_view known[] = {"1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.14"};
  return std::ranges::find(known, algorithm.type) != std::end(known);
}
bool rsa_signature_not_null(const Case& c) {
  return is_rsa_signature(c.v.inner_signature) && !is_null(c.v.inner_signature.parameters);
}
bool is_ecdsa_signature(const Algorithm& algorithm) {
  return algorithm.type.starts_with("1.2.840.10045.4.");
}
// The numbers of a signature are as long as its curve: SHA-256 goes with P-256, SHA-384 with P-384.
bool hash_against_curve(const Case& c) {
  const auto numbers = der::sequence_of(c.v.signature);
  if (!numbers || numbers->size() != 2) return false;
  const auto size = std::max((*numbers)[0].content.size(), (*numbers)[1].content.size());
  const std::string_view wanted = size <= 33 ? "1.2.840.10045.4.3.2" : size <= 49 ? "1.2.840.10045.4.3.3"
                                                                                  : "1.2.840.10045.4.3.4";
  return c.v.inner_signature.type != wanted;
}
bool ecdsa_signature_with_parameters(const Case& c) {
  return is_ecdsa_signature(c.v.inner_signature) && c.v.inner_signature.parameters.has_value();
}
bool ecdsa_signature_odd(const Case& c) {
  return is_ecdsa_signature(c.v.inner_signature) && (ecdsa_signature_with_parameters(c) || hash_against_curve(c));
}
bool ec_key_badly_encoded(const Case& c) {
  return c.v.key.type == oid::ec && curve_of(c.v).empty();
}
bool any_algorithm_odd(const Case& c) {
  return is_dsa(c) || rsa_key_not_null(c) || rsa_signature_not_null(c) || ecdsa_signature_with_parameters(c);
}
bool signatures_differ(const Case& c) {
  return !std::ranges::equal(c.v.inner_signature.der, c.v.outer_signature.der);
}

// ----- key usage that does not suit the key

unsigned usage(const Case& c) {
  return c.v.key_usage ? c.v.key_usage->bits : 0;
}
constexpr unsigned bit(KeyUsage::Bit one) {
  return 1U << one;
}
constexpr unsigned rsa_leaf = bit(KeyUsage::digital_signature) | bit(KeyUsage::content_commitment) | bit(KeyUsage::key_encipherment) | bit(KeyUsage::data_encipherment);
constexpr unsigned encipherment = bit(KeyUsage::key_encipherment) | bit(KeyUsage::data_encipherment);
constexpr unsigned signing = bit(KeyUsage::key_cert_sign) | bit(KeyUsage::crl_sign);
bool is_rsa(const Case& c) {
  return c.v.key.type == oid::rsa;
}
bool is_ec(const Case& c) {
  return c.v.key.type == oid::ec;
}

constexpr Rule rules[] = {
    {"e_rsa_mod_less_than_2048_bits", "BR 6.1.5", Whom::br_all, always, [](const Case& c) { return c.v.until.at && *c.v.until.at > Instant{std::chrono::sys_days{day(2014, 1, 1)}} && rsa_is<below_2048>(c); }, "the RSA key has less than 2048 bits: make a new key"},
    {"e_old_root_ca_rsa_mod_less_than_2048_bits", "BR 6.1.5", Whom::br_root, always, rsa_is<below_2048>, "the RSA key of this old root has less than 2048 bits: use another root", day(2011, 1, 1)},
    {"e_old_sub_ca_rsa_mod_less_than_1024_bits", "BR 6.1.5", Whom::br_sub_ca, always, rsa_is<below_1024>, "the RSA key of this old authority has less than 1024 bits: use another", day(2011, 1, 1)},
    {"e_old_sub_cert_rsa_mod_less_than_1024_bits", "BR 6.1.5", Whom::br_leaf, always, [](const Case& c) { return c.v.until.at && *c.v.until.at < Instant{std::chrono::sys_days{day(2014, 1, 1)}} && rsa_is<below_1024>(c); }, "the RSA key has less than 1024 bits: make a new key"},
    {"e_mp_modulus_must_be_2048_bits_or_more", "Mozilla 5.1", Whom::all, day(2017, 3, 31), rsa_is<below_2048>, "the RSA key has less than 2048 bits: make a new key"},
    {"e_mp_modulus_must_be_divisible_by_8", "Mozilla 5.1", Whom::all, day(2017, 3, 31), rsa_is<odd_bits>, "the RSA key's length is no whole number of bytes: make a new key"},
    {"e_mp_exponent_cannot_be_one", "Mozilla 5.2", Whom::all, day(2017, 3, 31), rsa_is<exponent_of_one>, "the RSA key's exponent is 1: make a new key"},
    {"e_rsa_public_exponent_not_odd", "BR 6.1.6", Whom::br_all, always, rsa_is<even_exponent>, "the RSA key's exponent is even: make a new key"},
    {"e_rsa_public_exponent_too_small", "BR 6.1.6", Whom::br_all, always, rsa_is<exponent_below_three>, "the RSA key's exponent is below 3: make a new key"},
    {"w_rsa_public_exponent_not_in_range", "BR 6.1.6", Whom::br_all, always, rsa_is<exponent_out_of_range>, "the RSA key's exponent is unusual: make a key with 65537"},
    {"w_rsa_mod_factors_smaller_than_752", "BR 6.1.6", Whom::br_all, always, rsa_is<small_factor>, "the RSA key has a tiny factor: make a new key at once"},
    {"w_rsa_mod_not_odd", "BR 6.1.6", Whom::br_all, always, rsa_is<even_modulus>, "the RSA key is even: make a new key at once"},
    {"e_rsa_fermat_factorization", "BR 6.1.1.3", Whom::all, always, rsa_is<close_factors>, "the RSA key's factors are too close, so that anyone finds them: make a new key at once"},
    {"e_dsa_shorter_than_2048_bits", "RFC 3279", Whom::all, always, dsa_short, "the DSA key has less than 2048 bits: make an ECDSA key"},
    {"e_dsa_improper_modulus_or_divisor_size", "BR 6.1.5", Whom::br_all, always, dsa_wrong_size, "the DSA key has the wrong size: make an ECDSA key"},
    {"e_dsa_correct_order_in_subgroup", "BR 6.1.6", Whom::br_all, always, dsa_wrong_order, "the DSA key is not in its group: make an ECDSA key"},
    {"e_dsa_unique_correct_representation", "BR 6.1.6", Whom::br_all, always, dsa_not_unique, "the DSA key is out of range: make an ECDSA key"},
    {"e_br_prohibit_dsa_usage", "BR 6.1.5", Whom::br_all, day(2020, 8, 20), is_dsa, "DSA is forbidden: make an ECDSA key"},
    {"e_prohibit_dsa_usage", "Mozilla 5.1", Whom::all, day(2017, 3, 31), is_dsa, "DSA is forbidden: make an ECDSA key"},
    {"e_ec_improper_curves", "BR 6.1.5", Whom::br_all, always, odd_curve, "the key is on none of P-256, P-384 and P-521: make a P-256 key"},
    {"e_public_key_type_not_allowed", "BR 6.1.5", Whom::br_all, br1, odd_key_type, "the key is neither RSA nor ECDSA: make a P-256 key"},
    {"e_signature_algorithm_not_supported", "BR 6.1.5", Whom::br_all, always, odd_signature, "it is signed by an algorithm that browsers do not accept: have it signed with SHA-256"},
    {"w_signature_algorithm_not_supported", "BR 6.1.5", Whom::br_all, always, [](const Case& c) { return has_sha1(c) || c.v.outer_signature.type == oid::rsa_pss; }, "it is signed with SHA-1 or RSA-PSS, which not all accept: have it signed with SHA-256 and PKCS #1 or ECDSA"},
    {"e_sub_cert_or_sub_ca_using_sha1", "BR 7.1.3", Whom::all, day(2016, 1, 1), [](const Case& c) { return has_sha1(c) && (!c.v.is_self_issued() || present<oid::subject_alternative_name>(c)); }, "it is signed with SHA-1, which nobody accepts: have it signed with SHA-256"},
    {"w_sub_cert_sha1_expiration_too_long", "BR 7.1.3", Whom::br_leaf, day(2015, 1, 16), [](const Case& c) { return has_sha1(c) && c.v.until.at && *c.v.until.at > Instant{std::chrono::sys_days{day(2017, 1, 2)}}; }, "it is signed with SHA-1 for too long: have it signed with SHA-256"},
    {"e_spki_rsa_encryption_parameter_not_null", "RFC 4055 1.2", Whom::all, rfc5280, rsa_key_not_null, "the RSA key's parameters are not NULL: make a new request with a current tool"},
    {"e_tbs_signature_rsa_encryption_parameter_not_null", "RFC 4055 5", Whom::all, rfc5280, rsa_signature_not_null, "the signature's parameters are not NULL: have it issued again"},
    {"e_mp_ecdsa_signature_encoding_correct", "Mozilla 5.1.2", Whom::all, day(2020, 1, 1), ecdsa_signature_odd, "the ECDSA signature's algorithm has parameters, or a hash of another size than its curve: have it issued again"},
    {"e_mp_ecdsa_pub_key_encoding_correct", "Mozilla 5.1.2", Whom::all, day(2020, 1, 1), ec_key_badly_encoded, "the EC key does not name its curve: make a new key"},
    {"e_algorithm_identifier_improper_encoding", "BR 7.1.3.1", Whom::all, always, any_algorithm_odd, "an algorithm is not encoded as it must be: have it issued again"},
    {"e_cert_sig_alg_not_match_tbs_sig_alg", "RFC 5280 4.1.1.2", Whom::all, rfc5280, signatures_differ, "the two places that name the signature's algorithm differ: have it issued again"},
    {"e_rsa_allowed_ku_ee", "RFC 3279 2.3.1", Whom::leaf, rfc3280, [](const Case& c) { return is_rsa(c) && (usage(c) & ~rsa_leaf) != 0; }, "the key usage does not suit an RSA key: leave digital signature and key encipherment"},
    {"e_rsa_allowed_ku_ca", "RFC 3279 2.3.1", Whom::authority, rfc3280, [](const Case& c) { return is_rsa(c) && (usage(c) & ~(rsa_leaf | signing)) != 0; }, "the authority's key usage does not suit an RSA key: leave certificate and CRL signing"},
    {"e_rsa_allowed_ku_no_encipherment_ca", "RFC 3279 2.3.1", Whom::authority, rfc3280, [](const Case& c) { return is_rsa(c) && (usage(c) & signing) != 0 && (usage(c) & encipherment) != 0; }, "the authority's key may both sign and encipher: leave signing alone"},
    {"e_ecdsa_allowed_ku", "RFC 8813 3", Whom::all, day(2020, 8, 1), [](const Case& c) { return is_ec(c) && (usage(c) & encipherment) != 0; }, "an ECDSA key cannot encipher: leave digital signature in the key usage"},
    {"n_ecdsa_ee_invalid_ku", "RFC 5480 3", Whom::br_leaf, day(2009, 3, 1), [](const Case& c) { return is_ec(c) && (usage(c) & ~(bit(KeyUsage::digital_signature) | bit(KeyUsage::content_commitment) | bit(KeyUsage::key_agreement))) != 0; }, "the key usage does not suit an ECDSA key: leave digital signature"},
    {"e_cabf_ecc_allowed_key_usages", "BR 7.1.2.7.11", Whom::br_leaf, br2, [](const Case& c) { return is_ec(c) && c.v.key_usage && ((usage(c) & bit(KeyUsage::digital_signature)) == 0 || (usage(c) & ~(bit(KeyUsage::digital_signature) | bit(KeyUsage::key_agreement))) != 0); }, "with an ECDSA key the usage is digital signature: have it so"},
    {"w_cabf_ecc_ku_keyagreement_present", "BR 7.1.2.7.11", Whom::br_leaf, br2, [](const Case& c) { return is_ec(c) && may<KeyUsage::key_agreement>(c); }, "key agreement is not recommended: leave digital signature alone"},
};

}  // namespace

std::span<const Rule> key_rules() {
  return rules;
}

}  // namespace sp::certs::lint
