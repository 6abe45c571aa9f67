#include "base/openssl/hasher.h"

namespace sp::openssl {

Hasher::Hasher() : context_(::EVP_MD_CTX_new()) {
  ensure(context_ && ::EVP_DigestInit_ex(context_.get(), ::EVP_sha256(), nullptr) == 1);
}

void Hasher::add(BytesView more) {
  ensure(::EVP_DigestUpdate(context_.get(), more.data(), more.size()) == 1);
}

Digest Hasher::finish() {
  Digest out{};
  ensure(::EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()),
                              nullptr) == 1);
  return out;
}

}  // namespace sp::openssl
