#include <openssl/pkcs12.h>

#include "certs/export/stores.h"

namespace sp::certs {
namespace {

using openssl::failure;
using Pkcs12 = openssl::Handle<PKCS12, ::PKCS12_free>;
using Bag = openssl::Handle<PKCS12_SAFEBAG, ::PKCS12_SAFEBAG_free>;

// The stacks own what they hold, but for this one, which points at the bundle's certificates.
struct FreePointers {
  void operator()(STACK_OF(X509) * all) const { sk_X509_free(all); }
};
struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * all) const {
    sk_PKCS12_SAFEBAG_pop_free(all, ::PKCS12_SAFEBAG_free);
  }
};
struct FreeSafes {
  void operator()(STACK_OF(PKCS7) * all) const { sk_PKCS7_pop_free(all, ::PKCS7_free); }
};

// What OpenSSL takes by itself; 2048 is what Windows writes, too.
constexpr int iterations = 2048;

/// OpenSSL wants the password ended by a zero; wiped with the Secret.
Secret ended(const Secret& password) {
  Secret copy{password.size() + 1};
  const auto from = password.expose();
  std::copy(from.begin(), from.end(), copy.expose_mutable().begin());
  return copy;
}

const char* text_of(const Secret& ended) {
  return reinterpret_cast<const char*>(ended.expose().data());
}

struct Algorithms {
  int cipher;
  const EVP_MD* digest;
};

Algorithms algorithms(Compat compat) {
  if (compat == Compat::windows_2016) return {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, ::EVP_sha1()};
  return {NID_aes_256_cbc, ::EVP_sha256()};
}

Result<Secret> finished(PKCS12& store, const Secret& password, const EVP_MD* digest) {
  if (::PKCS12_set_mac(&store, text_of(password), -1, nullptr, 0, iterations, digest) != 1)
    return failure("authenticate store");
  unsigned char* der = nullptr;
  const int size = ::i2d_PKCS12(&store, &der);
  if (size <= 0) return failure("write store");
  const auto bytes = std::as_writable_bytes(std::span{der, static_cast<std::size_t>(size)});
  auto out = Secret::copy_of(bytes);
  wipe(bytes);
  ::OPENSSL_free(der);
  return out;
}

Outcome check_password(const Secret& password) {
  if (!password.empty() && password.size() <= 256) return {};
  return Error{Code::invalid_input, "the password of a store has 1 to 256 bytes"};
}

/// Any purpose: the value that keytool writes.
Outcome mark_trusted(PKCS12_SAFEBAG& bag, const std::string& alias) {
  static const int trusted =
      ::OBJ_create("2.16.840.1.113894.746875.1.1", "trustedKeyUsage", "Oracle trusted key usage");
  const auto* any = reinterpret_cast<const unsigned char*>(::OBJ_nid2obj(NID_anyExtendedKeyUsage));
  if (trusted == NID_undef ||
      ::PKCS12_add1_attr_by_NID(&bag, trusted, V_ASN1_OBJECT, any, -1) != 1 ||
      ::PKCS12_add_friendlyname_utf8(&bag, alias.c_str(), static_cast<int>(alias.size())) != 1)
    return failure("mark certificate as trusted");
  return {};
}

}  // namespace

Result<Secret> pkcs12(const Bundle& bundle, const Secret& password, Compat compat) {
  TRY(check_password(password));
  if (bundle.key == nullptr || bundle.chain.empty())
    return Error{Code::invalid_input, "a PFX holds a certificate and its key; name both"};
  const std::unique_ptr<STACK_OF(X509), FreePointers> above{sk_X509_new_null()};
  for (std::size_t i = 1; i < bundle.chain.size(); ++i)
    sk_X509_push(above.get(), bundle.chain[i].get());
  const auto [cipher, digest] = algorithms(compat);
  const auto secret = ended(password);
  // -1: the digest is ours to choose, below.
  const Pkcs12 store{::PKCS12_create(text_of(secret), bundle.alias.c_str(), bundle.key.get(),
                                     bundle.chain.front().get(), above.get(), cipher, cipher,
                                     iterations, -1, 0)};
  if (store == nullptr) return failure("make PKCS #12", Code::invalid_input);
  return finished(*store, secret, digest);
}

Result<Secret> pkcs12_truststore(const Bundle& bundle, const Secret& password) {
  TRY(check_password(password));
  const auto [cipher, digest] = algorithms(Compat::modern);
  const auto secret = ended(password);
  STACK_OF(PKCS12_SAFEBAG)* raw_bags = nullptr;
  std::size_t count = 0;
  for (const auto& certificate : bundle.chain) {
    PKCS12_SAFEBAG* bag = ::PKCS12_add_cert(&raw_bags, certificate.get());
    if (bag == nullptr) return failure("add certificate");
    // Java takes a name for one entry only.
    const auto alias = bundle.alias + (count == 0 ? "" : "-" + std::to_string(count));
    ++count;
    TRY(mark_trusted(*bag, alias));
  }
  const std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags> bags{raw_bags};
  STACK_OF(PKCS7)* raw_safes = nullptr;
  const int added = ::PKCS12_add_safe(&raw_safes, bags.get(), cipher, iterations, text_of(secret));
  const std::unique_ptr<STACK_OF(PKCS7), FreeSafes> safes{raw_safes};
  if (added != 1) return failure("add certificates");
  const Pkcs12 store{::PKCS12_add_safes(safes.get(), 0)};
  if (store == nullptr) return failure("make PKCS #12");
  return finished(*store, secret, digest);
}

}  // namespace sp::certs
