#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

#include "certs/export/stores.h"

namespace sp::certs {
namespace {

// The layout is that of OpenJDK's sun.security.provider.JavaKeyStore and KeyProtector.
constexpr std::uint32_t magic = 0xFEEDFEED;
constexpr std::uint32_t version = 2;
constexpr std::uint32_t private_key_entry = 1;
constexpr std::uint32_t trusted_entry = 2;
constexpr std::string_view integrity_word = "Mighty Aphrodite";
// AlgorithmIdentifier of 1.3.6.1.4.1.42.2.17.1.1, Sun's protector.
constexpr std::array<unsigned char, 16> protector{0x30, 0x0E, 0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04,
                                                  0x01, 0x2A, 0x02, 0x11, 0x01, 0x01, 0x05, 0x00};

using Sha1 = std::array<std::byte, 20>;
using Context = openssl::Handle<EVP_MD_CTX, ::EVP_MD_CTX_free>;
using PrivateKey = openssl::Handle<PKCS8_PRIV_KEY_INFO, ::PKCS8_PRIV_KEY_INFO_free>;

Sha1 sha1(std::initializer_list<BytesView> parts) {
  const Context context{::EVP_MD_CTX_new()};
  Sha1 digest{};
  ensure(::EVP_DigestInit_ex(context.get(), ::EVP_sha1(), nullptr) == 1);
  for (const auto part : parts) ::EVP_DigestUpdate(context.get(), part.data(), part.size());
  ensure(::EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                              nullptr) == 1);
  return digest;
}

/// As Java hashes it: two bytes a character.
Result<Secret> wide(const Secret& password) {
  const auto from = password.expose();
  const bool ascii = std::ranges::all_of(
      from, [](std::byte b) { return b >= std::byte{0x20} && b < std::byte{0x7F}; });
  if (from.size() < 6 || !ascii)
    return Error{Code::invalid_input,
                 "the password of a JKS has 6 characters at least, and ASCII ones alone"};
  Secret out{from.size() * 2};
  for (std::size_t i = 0; i < from.size(); ++i) out.expose_mutable()[i * 2 + 1] = from[i];
  return out;
}

Result<Secret> der_of(const EVP_PKEY& key) {
  const PrivateKey info{::EVP_PKEY2PKCS8(&key)};
  unsigned char* der = nullptr;
  const int size = info == nullptr ? 0 : ::i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  if (size <= 0) return openssl::failure("write key");
  const auto bytes = std::as_writable_bytes(std::span{der, static_cast<std::size_t>(size)});
  auto out = Secret::copy_of(bytes);
  wipe(bytes);
  ::OPENSSL_free(der);
  return out;
}

void append_length(bytes::Writer& out, std::size_t size) {
  if (size >= 0x100)
    out.u8(0x82).u16(static_cast<std::uint16_t>(size));
  else if (size >= 0x80)
    out.u8(0x81).u8(static_cast<std::uint8_t>(size));
  else
    out.u8(static_cast<std::uint8_t>(size));
}

std::size_t length_size(std::size_t size) {
  return size >= 0x100 ? 3 : size >= 0x80 ? 2 : 1;
}

/// The key, XORed with a stream of digests that begins with a salt, and a digest to know by whether
/// the password was right; as EncryptedPrivateKeyInfo (RFC 5958 section 3).
Result<Bytes> protect(const Secret& key, const Secret& password, Random& random) {
  if (key.size() > 16000) return Error{Code::invalid_input, "the key is too large"};
  const auto salt = random.bytes<20>();
  const auto pass = password.expose();
  const auto plain = key.expose();
  Bytes hidden(plain.size());
  auto stream = sha1({pass, salt});
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % stream.size() == 0) stream = sha1({pass, stream});
    hidden[i] = plain[i] ^ stream[i % stream.size()];
  }
  const auto check = sha1({pass, plain});
  const auto content = salt.size() + hidden.size() + check.size();
  bytes::Writer out;
  out.u8(0x30);
  append_length(out, protector.size() + 1 + length_size(content) + content);
  out.raw(std::as_bytes(std::span{protector})).u8(0x04);
  append_length(out, content);
  out.raw(salt).raw(hidden).raw(check);
  return out.take();
}

void append_text(bytes::Writer& out, std::string_view text) {
  out.u16(static_cast<std::uint16_t>(text.size())).raw(text);
}

Outcome append_certificate(bytes::Writer& out, const X509& certificate) {
  unsigned char* der = nullptr;
  const int size = ::i2d_X509(&certificate, &der);
  if (size <= 0) return openssl::failure("write certificate");
  append_text(out, "X.509");
  out.u32(static_cast<std::uint32_t>(size))
      .raw(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
  ::OPENSSL_free(der);
  return {};
}

Outcome append_entry(bytes::Writer& out, std::uint32_t kind, std::string_view alias, Instant now) {
  if (alias.empty() || alias.size() > 200 ||
      !std::ranges::all_of(alias, [](char c) { return c > 0x20 && c < 0x7F; }))
    return Error{Code::invalid_input, "--alias has 1 to 200 ASCII characters without blanks"};
  out.u32(kind);
  append_text(out, alias);
  out.u64(static_cast<std::uint64_t>(to_millis(now)));
  return {};
}

Outcome append_key(bytes::Writer& out, const Bundle& bundle, const Secret& password, Instant now,
                   Random& random) {
  TRY(append_entry(out, private_key_entry, bundle.alias, now));
  const auto key = TRY(der_of(*bundle.key));
  const auto sealed = TRY(protect(key, password, random));
  out.u32(static_cast<std::uint32_t>(sealed.size())).raw(sealed);
  out.u32(static_cast<std::uint32_t>(bundle.chain.size()));
  for (const auto& certificate : bundle.chain) TRY(append_certificate(out, *certificate));
  return {};
}

Outcome append_trusted(bytes::Writer& out, const Bundle& bundle, Instant now) {
  std::size_t count = 0;
  for (const auto& certificate : bundle.chain) {
    const auto alias = bundle.alias + (count == 0 ? "" : "-" + std::to_string(count));
    ++count;
    TRY(append_entry(out, trusted_entry, alias, now));
    TRY(append_certificate(out, *certificate));
  }
  return {};
}

}  // namespace

Result<Secret> jks(const Bundle& bundle, const Secret& password, Instant now, Random& random) {
  const auto pass = TRY(wide(password));
  bytes::Writer out;
  const bool has_key = bundle.key != nullptr;
  out.u32(magic).u32(version).u32(has_key ? 1 : static_cast<std::uint32_t>(bundle.chain.size()));
  if (has_key) {
    TRY(append_key(out, bundle, pass, now, random));
  } else {
    TRY(append_trusted(out, bundle, now));
  }
  const auto digest = sha1({pass.expose(), bytes::of(integrity_word), out.view()});
  out.raw(digest);
  return Secret::copy_of(out.view());
}

}  // namespace sp::certs
