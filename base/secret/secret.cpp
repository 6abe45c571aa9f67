#include "base/secret/secret.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace sp {

Secret::Secret(std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {}

Secret Secret::copy_of(std::span<const std::byte> bytes) {
  Secret copy{bytes.size()};
  std::copy(bytes.begin(), bytes.end(), copy.bytes_.get());
  return copy;
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  if (bytes_ != nullptr) ::OPENSSL_cleanse(bytes_.get(), size_);
}

bool operator==(const Secret& a, const Secret& b) {
  return a.size_ == b.size_ && ::CRYPTO_memcmp(a.bytes_.get(), b.bytes_.get(), a.size_) == 0;
}

void wipe(std::span<std::byte> bytes) noexcept {
  ::OPENSSL_cleanse(bytes.data(), bytes.size());
}

void wipe(std::string& text) noexcept {
  ::OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace sp
