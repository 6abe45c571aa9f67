#include "certs/import/import.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include <algorithm>
#include <cstring>

#include "certs/x509/pem.h"

namespace sp::certs::import {
namespace {

using verify::Certificate;
using Pkcs7 = openssl::Handle<PKCS7, ::PKCS7_free>;
using Pkcs12 = openssl::Handle<PKCS12, ::PKCS12_free>;

constexpr std::size_t most = 100;

void free_all(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, ::X509_free);
}
using OwnedStack = openssl::Handle<STACK_OF(X509), free_all>;

struct Asked {
  const Secret& password;
  bool was_asked = false;
};

// Called by OpenSSL when a key is encrypted; it never asks at the terminal itself.
int give_password(char* buffer, int size, int, void* asked) {
  auto& context = *static_cast<Asked*>(asked);
  context.was_asked = true;
  const auto password = context.password.expose();
  if (password.empty() || std::cmp_greater(password.size(), size)) return -1;
  std::memcpy(buffer, password.data(), password.size());
  return static_cast<int>(password.size());
}

openssl::Bio reading(const Secret& file) {
  return openssl::Bio{
      ::BIO_new_mem_buf(file.expose().data(), static_cast<int>(file.expose().size()))};
}

Outcome keep(Pile& pile, const X509* certificate) {
  unsigned char* data = nullptr;
  const int size = ::i2d_X509(certificate, &data);
  if (size <= 0) return openssl::failure("copy certificate");
  const auto der = bytes::copy(std::as_bytes(std::span{data, static_cast<std::size_t>(size)}));
  ::OPENSSL_free(data);
  auto parsed = TRY(Certificate::parse(der));
  const bool known = std::ranges::any_of(pile.certificates, [&](const Certificate& one) {
    return std::ranges::equal(one.view.der(), parsed.view.der());
  });
  if (known) return {};
  if (pile.certificates.size() == most)
    return Error{Code::too_many,
                 "there are more than 100 certificates: leave out what is not needed"};
  pile.certificates.push_back(std::move(parsed));
  return {};
}

Outcome keep_all(Pile& pile, const STACK_OF(X509) * stack) {
  for (int i = 0; i < sk_X509_num(stack); ++i) TRY(keep(pile, sk_X509_value(stack, i)));
  return {};
}

const STACK_OF(X509) * certificates_of(const PKCS7& bundle) {
  if (PKCS7_type_is_signed(&bundle)) return bundle.d.sign->cert;
  return PKCS7_type_is_signedAndEnveloped(&bundle) ? bundle.d.signed_and_enveloped->cert : nullptr;
}

/// Whether `what` found anything.
using Found = Result<bool>;

Found add_pem_certificates(Pile& pile, const Secret& file) {
  const auto all =
      TRY(pem_blocks(file.expose(), {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}));
  for (const auto& der : all) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const openssl::Cert one{::d2i_X509(nullptr, &data, static_cast<long>(der.size()))};
    if (one == nullptr)
      return openssl::failure("a certificate in it is damaged", Code::invalid_input);
    TRY(keep(pile, one.get()));
  }
  return !all.empty();
}

Found add_pem_bundles(Pile& pile, const Secret& file) {
  const auto all = TRY(pem_blocks(file.expose(), {"PKCS7", "CMS"}));
  for (const auto& der : all) {
    const auto* data = reinterpret_cast<const unsigned char*>(der.data());
    const Pkcs7 bundle{::d2i_PKCS7(nullptr, &data, static_cast<long>(der.size()))};
    if (bundle == nullptr)
      return openssl::failure("a PKCS #7 in it is damaged", Code::invalid_input);
    TRY(keep_all(pile, certificates_of(*bundle)));
  }
  return !all.empty();
}

Found add_pem_keys(Pile& pile, const Secret& file, const Secret& password) {
  const auto text = bytes::text(file.expose());
  if (text.find("PRIVATE KEY-----") == std::string_view::npos) return false;
  const auto in = reading(file);
  Asked asked{password};
  while (openssl::Pkey key{::PEM_read_bio_PrivateKey(in.get(), nullptr, give_password, &asked)})
    if (pile.keys.size() < most) pile.keys.push_back(std::move(key));
  auto failed = openssl::failure("read key", Code::forbidden);
  if (!pile.keys.empty()) return true;
  if (asked.was_asked && password.empty())
    return Error{Code::forbidden,
                 "the key in it is encrypted: give its password with --password-file"};
  if (asked.was_asked)
    return Error{Code::forbidden, "the password does not open the key in it: try another"};
  return Error{Code::invalid_input, "the key in it is damaged or of a kind that no server uses"};
}

Found add_der(Pile& pile, const Secret& file) {
  const auto* start = reinterpret_cast<const unsigned char*>(file.expose().data());
  const auto size = static_cast<long>(file.size());
  auto* data = start;
  if (const openssl::Cert one{::d2i_X509(nullptr, &data, size)}; one != nullptr) {
    TRY(keep(pile, one.get()));
    return true;
  }
  data = start;
  if (const Pkcs7 bundle{::d2i_PKCS7(nullptr, &data, size)};
      bundle != nullptr && certificates_of(*bundle) != nullptr) {
    TRY(keep_all(pile, certificates_of(*bundle)));
    return true;
  }
  data = start;
  if (openssl::Pkey key{::d2i_AutoPrivateKey(nullptr, &data, size)}) {
    pile.keys.push_back(std::move(key));
    return true;
  }
  static_cast<void>(openssl::failure("read DER"));  // empties the queue
  return false;
}

/// OpenSSL wants the password with a null at its end.
Secret terminated(const Secret& password) {
  Secret copy{password.size() + 1};
  std::ranges::copy(password.expose(), copy.expose_mutable().begin());
  return copy;
}

Found add_pkcs12(Pile& pile, const Secret& file, const Secret& password) {
  const auto in = reading(file);
  const Pkcs12 bundle{::d2i_PKCS12_bio(in.get(), nullptr)};
  static_cast<void>(openssl::failure("read PKCS #12"));  // empties the queue
  if (bundle == nullptr) return false;
  const auto text = terminated(password);
  EVP_PKEY* key = nullptr;
  X509* leaf = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int good = ::PKCS12_parse(bundle.get(), reinterpret_cast<const char*>(text.expose().data()),
                                  &key, &leaf, &others);
  openssl::Pkey owned_key{key};
  const openssl::Cert owned_leaf{leaf};
  const OwnedStack owned_others{others};
  if (good != 1) {
    static_cast<void>(openssl::failure("open PKCS #12"));
    return Error{Code::forbidden,
                 password.empty()
                     ? "it wants a password: give it with --password-file"
                     : "the password does not open it, or its old encryption is switched off "
                       "here: try another, or make the PFX again with AES"};
  }
  if (owned_leaf != nullptr) TRY(keep(pile, owned_leaf.get()));
  if (owned_others != nullptr) TRY(keep_all(pile, owned_others.get()));
  if (owned_key != nullptr) pile.keys.push_back(std::move(owned_key));
  return true;
}

// ----- sorting

bool is_key_of(const Certificate& certificate, EVP_PKEY* key) {
  const bool good = ::X509_check_private_key(certificate.x509.get(), key) == 1;
  if (!good) static_cast<void>(openssl::failure("compare"));  // empties the queue
  return good;
}

EVP_PKEY* key_for(const Pile& pile, const Certificate& certificate) {
  for (const auto& key : pile.keys)
    if (is_key_of(certificate, key.get())) return key.get();
  return nullptr;
}

bool signed_by(const Certificate& subject, const Certificate& issuer) {
  if (::X509_NAME_cmp(::X509_get_subject_name(issuer.x509.get()),
                      ::X509_get_issuer_name(subject.x509.get())) != 0)
    return false;
  auto* key = ::X509_get0_pubkey(issuer.x509.get());
  const bool good = key != nullptr && ::X509_verify(subject.x509.get(), key) == 1;
  if (!good) static_cast<void>(openssl::failure("verify"));  // empties the queue
  return good;
}

const Certificate* issuer_of(const Pile& pile, const Certificate& subject) {
  const Certificate* best = nullptr;
  for (const auto& one : pile.certificates) {
    if (&one == &subject || !signed_by(subject, one)) continue;
    // Of two that share name and key the one that lives longer.
    if (best == nullptr || one.view.until.at > best->view.until.at) best = &one;
  }
  return best;
}

/// Leaves in the order in which they would be chosen: with a key, for the host, the youngest.
std::vector<const Certificate*> candidates(const Pile& pile, const Wanted& wanted) {
  std::vector<const Certificate*> all;
  for (const auto& one : pile.certificates)
    if (!one.view.is_authority() || (pile.certificates.size() == 1)) all.push_back(&one);
  const auto rank = [&](const Certificate* one) {
    const bool fits = wanted.host.empty() || is_for_host(one->view, wanted.host);
    return std::tuple{key_for(pile, *one) == nullptr, !fits,
                      -to_millis(one->view.until.at.value_or(Instant{}))};
  };
  std::ranges::sort(all, {}, rank);
  return all;
}

Result<Secret> pem_of(EVP_PKEY* key) {
  const openssl::Bio out{::BIO_new(::BIO_s_secmem())};  // wiped when it goes
  if (::PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return openssl::failure("write key");
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return Secret::copy_of(std::as_bytes(std::span{data, static_cast<std::size_t>(size)}));
}

std::string quoted(const Certificate& one) {
  return "\"" + name_text(one.view.subject) + "\"";
}

Outcome judge_leaf(const Certificate& leaf, const Wanted& wanted) {
  if (!leaf.view.until.at || *leaf.view.until.at < wanted.now)
    return Error{Code::expired, quoted(leaf) + " has expired: get a new certificate"};
  if (leaf.view.from.at > wanted.now)
    return Error{Code::invalid_input,
                 quoted(leaf) + " is not valid yet: wait, or set the clock right"};
  if (!wanted.host.empty() && !is_for_host(leaf.view, wanted.host))
    return Error{Code::invalid_input,
                 quoted(leaf) + " is not for " + wanted.host + ": get one that names it"};
  return {};
}

void add_chain(const Pile& pile, const Certificate& leaf, Sorted& sorted, Instant now) {
  const auto* here = &leaf;
  std::vector<const Certificate*> used{here};
  while (!here->view.is_self_issued()) {
    const auto* next = issuer_of(pile, *here);
    if (next == nullptr) {
      if (used.size() == 1)
        sorted.warnings.push_back("the intermediate " + std::string{"\""} +
                                  name_text(here->view.issuer) +
                                  "\" is missing, unless that is the root: get it from the "
                                  "authority and import again with it");
      break;
    }
    if (std::ranges::find(used, next) != used.end()) break;
    used.push_back(next);
    if (next->view.is_self_issued()) break;  // clients have the root, or they would not trust it
    if (next->view.until.at < now)
      sorted.warnings.push_back("the intermediate " + quoted(*next) +
                                " has expired: get the current one from the authority");
    sorted.chain += pem_certificate(next->view.der());
    sorted.subjects.push_back(name_text(next->view.subject));
    here = next;
  }
  for (const auto& one : pile.certificates)
    if (std::ranges::find(used, &one) == used.end())
      sorted.warnings.push_back(quoted(one) + " does not belong to this chain and was left out");
}

}  // namespace

Outcome add(Pile& pile, const Secret& file, const Secret& password, const std::string& name) {
  bool found = false;
  if (file.expose().size() > largest_file)
    return Error{Code::too_many, name + " is larger than 8 MiB"};
  if (bytes::text(file.expose()).find("-----BEGIN ") != std::string_view::npos) {
    found = TRY(add_pem_certificates(pile, file).within(name));
    const bool bundles = TRY(add_pem_bundles(pile, file).within(name));
    const bool keys = TRY(add_pem_keys(pile, file, password).within(name));
    found = found || bundles || keys;
  } else {
    found = TRY(add_der(pile, file).within(name));
    if (!found) found = TRY(add_pkcs12(pile, file, password).within(name));
  }
  if (found) return {};
  return Error{Code::invalid_input,
               name + " holds no certificate and no key: give PEM, DER, PFX or P7B"};
}

Result<Sorted> sort(const Pile& pile, const Wanted& wanted) {
  const auto leaves = candidates(pile, wanted);
  if (leaves.empty())
    return Error{Code::invalid_input,
                 "there is no server's certificate among the files: add it (they hold " +
                     std::to_string(pile.certificates.size()) + " of authorities)"};
  const auto& leaf = *leaves.front();
  if (pile.keys.empty())
    return Error{Code::invalid_input,
                 "the key of " + quoted(leaf) + " is missing: add the file with --key"};
  auto* key = key_for(pile, leaf);
  if (key == nullptr)
    return Error{Code::invalid_input,
                 "the key is not that of " + quoted(leaf) +
                     ": find the one that its request was made with, or ask for a new certificate"};
  TRY(judge_leaf(leaf, wanted));
  Sorted sorted{.chain = pem_certificate(leaf.view.der()),
                .key = TRY(pem_of(key)),
                .subjects = {name_text(leaf.view.subject)},
                .names = host_names(leaf.view),
                .until = *leaf.view.until.at,
                .warnings = {}};
  add_chain(pile, leaf, sorted, wanted.now);
  return sorted;
}

}  // namespace sp::certs::import
