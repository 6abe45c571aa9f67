#include "certs/x509/pem.h"

#include <openssl/pem.h>

#include <algorithm>

#include "base/openssl/handle.h"
#include "base/secret/secret.h"

namespace sp::certs {
namespace {

void release(char* text) {
  ::OPENSSL_free(text);
}
void release_bytes(unsigned char* data) {
  ::OPENSSL_free(data);
}

}  // namespace

Result<std::vector<Bytes>> pem_blocks(BytesView file,
                                      std::initializer_list<std::string_view> labels) {
  const openssl::Bio in{
      ::BIO_new_mem_buf(file.data(), static_cast<int>(std::min(file.size(), largest_file)))};
  std::vector<Bytes> blocks;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (::PEM_read_bio(in.get(), &name, &header, &data, &size) == 1) {
    const openssl::Handle<char, release> name_owner{name};
    const openssl::Handle<char, release> header_owner{header};
    const openssl::Handle<unsigned char, release_bytes> data_owner{data};
    const std::span block{reinterpret_cast<std::byte*>(data), static_cast<std::size_t>(size)};
    if (std::ranges::find(labels, std::string_view{name}) == labels.end()) {
      wipe(block);  // it may be a key
      continue;
    }
    if (blocks.size() == most_certificates)
      return Error{Code::too_many, "a file may hold at most " + std::to_string(most_certificates) +
                                       " certificates; split it"};
    blocks.push_back(bytes::copy(block));
  }
  static_cast<void>(openssl::failure("read PEM"));  // "no start line", always
  return blocks;
}

Result<std::vector<Bytes>> certificates_in(BytesView file) {
  if (file.size() > largest_file)
    return Error{Code::too_many, "a file of certificates has at most 8 MiB; split it"};
  if (!file.empty() && file.front() == std::byte{0x30})
    return std::vector<Bytes>{bytes::copy(file)};
  return pem_blocks(file, {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"});
}

std::string pem_certificate(BytesView der) {
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  ensure(::PEM_write_bio(out.get(), "CERTIFICATE", "",
                         reinterpret_cast<const unsigned char*>(der.data()),
                         static_cast<long>(der.size())) > 0);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace sp::certs
