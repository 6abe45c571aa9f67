#pragma once
// Owning pointers for OpenSSL's C objects, and its error queue. Nothing else frees one by hand.
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

#include "base/result/result.h"

namespace sp::openssl {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, Freer<Free>>;

using Bio = Handle<BIO, ::BIO_free_all>;
using CipherCtx = Handle<EVP_CIPHER_CTX, ::EVP_CIPHER_CTX_free>;
using Cipher = Handle<EVP_CIPHER, ::EVP_CIPHER_free>;
using Pkey = Handle<EVP_PKEY, ::EVP_PKEY_free>;
using PkeyCtx = Handle<EVP_PKEY_CTX, ::EVP_PKEY_CTX_free>;
using Cert = Handle<X509, ::X509_free>;
using SslCtx = Handle<SSL_CTX, ::SSL_CTX_free>;
using Ssl = Handle<SSL, ::SSL_free>;
static_assert(sizeof(Pkey) == sizeof(EVP_PKEY*));

/// An Error that names `step` and the codes in OpenSSL's queue (never its sentences), and empties
/// the queue, so that the next caller does not find our failure there.
Error failure(std::string_view step, Code code = Code::internal);

}  // namespace sp::openssl
