#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace sp {

/// Bytes that must not outlive their use: keys, passphrases, opened content. Moves only, is wiped
/// when it goes, compares in constant time, and cannot be printed, formatted, iterated or turned
/// into JSON. `expose` is the only way to the bytes: grep for it to review each place.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::size_t size);  ///< `size` zero bytes, to be filled through expose_mutable().
  static Secret copy_of(std::span<const std::byte> bytes);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> expose() const { return {bytes_.get(), size_}; }
  [[nodiscard]] std::span<std::byte> expose_mutable() { return {bytes_.get(), size_}; }

  friend bool operator==(const Secret& a, const Secret& b);

 private:
  void wipe() noexcept;
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
};

/// Overwrites memory in a way that the compiler may not leave out.
void wipe(std::span<std::byte> bytes) noexcept;
/// For a buffer that a passphrase or body arrived in.
void wipe(std::string& text) noexcept;

}  // namespace sp
