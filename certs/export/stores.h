#pragma once
// Certificates and keys in the one file that other programs want: PKCS #12 (RFC 7292) for Windows
// and Java, and Java's own JKS.

#include <string>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/openssl/handle.h"
#include "base/random/random.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"

namespace sp::certs {

/// Leaf first. `key` is null in a store that says whom to trust.
struct Bundle {
  std::vector<openssl::Cert> chain;
  openssl::Pkey key;
  std::string alias;  ///< what the receiving program lists it as
};

enum class Compat : std::uint8_t {
  modern,        ///< AES-256, PBKDF2, HMAC with SHA-256
  windows_2016,  ///< 3DES and SHA-1: all that Windows Server 2016 and older read
};

/// Key, certificate and chain. `invalid_input` when the key is missing, or the password is empty.
Result<Secret> pkcs12(const Bundle& bundle, const Secret& password, Compat compat);

/// Certificates alone, each marked as trusted in the way that Java lists
/// (2.16.840.1.113894.746875.1.1); without the mark it finds an empty store.
Result<Secret> pkcs12_truststore(const Bundle& bundle, const Secret& password);

/// Java's keystore of before 2017: a key with its chain, or without key its certificates as
/// trusted. Only for programs that read nothing else: it protects the key with SHA-1 alone.
/// `invalid_input` for a password that is not ASCII.
Result<Secret> jks(const Bundle& bundle, const Secret& password, Instant now, Random& random);

}  // namespace sp::certs
