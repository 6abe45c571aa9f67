#pragma once
// The kinds of key and name that a link is made of. Each is its own type: a swap does not compile.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::pushpull {

/// N public bytes with a meaning.
template <class Meaning, std::size_t N>
struct Name {
  static constexpr std::size_t size = N;
  std::array<std::byte, N> bytes{};

  static Result<Name> of(BytesView view) {
    if (view.size() != N) return Error{Code::invalid_input, "wrong length of a name or key"};
    Name name;
    std::copy(view.begin(), view.end(), name.bytes.begin());
    return name;
  }
  static Name random(Random& random) { return Name{random.bytes<N>()}; }
  [[nodiscard]] BytesView view() const { return bytes; }
  friend auto operator<=>(const Name&, const Name&) = default;
};

/// 32 secret bytes with a meaning. Moves only; `copy` is explicit.
template <class Meaning>
class SecretKey {
 public:
  static constexpr std::size_t size = 32;
  static Result<SecretKey> of(BytesView view) {
    if (view.size() != size) return Error{Code::invalid_input, "wrong length of a key"};
    return SecretKey{Secret::copy_of(view)};
  }
  static SecretKey random(Random& random) { return SecretKey{random.secret(size)}; }
  [[nodiscard]] SecretKey copy() const { return SecretKey{Secret::copy_of(secret_.expose())}; }
  [[nodiscard]] const Secret& secret() const { return secret_; }
  friend bool operator==(const SecretKey&, const SecretKey&) = default;

 private:
  explicit SecretKey(Secret secret) : secret_(std::move(secret)) {}
  Secret secret_;
};

using EdgeId = Name<struct EdgeIdMeaning, 16>;              ///< which edge; made by the core
using Epoch = Name<struct EpochMeaning, 16>;                ///< one life of one side's database
using StaticPublicKey = Name<struct PublicMeaning, 32>;     ///< X25519
using Pin = Name<struct PinMeaning, 32>;                    ///< SHA-256 of a SubjectPublicKeyInfo
using StaticPrivateKey = SecretKey<struct PrivateMeaning>;  ///< X25519; random bytes are a key
using LinkPsk = SecretKey<struct PskMeaning>;               ///< shared by one core and one edge

}  // namespace sp::pushpull
