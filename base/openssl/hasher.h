#pragma once
#include <openssl/evp.h>

#include "base/openssl/crypto.h"
#include "base/openssl/handle.h"

namespace sp::openssl {

/// SHA-256 of what comes in pieces.
class Hasher {
 public:
  Hasher();
  void add(BytesView more);
  /// Once, at the end.
  Digest finish();

 private:
  Handle<EVP_MD_CTX, ::EVP_MD_CTX_free> context_;
};

}  // namespace sp::openssl
