#include "core/people/password.h"

#include <argon2.h>

#include <array>
#include <charconv>

namespace sp::people {
namespace {

constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;
// Well-formed, and the hash of nothing: its salt and hash are zeros.
constexpr std::string_view nobody_tail =
    "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::string prefix_of(const HashCost& cost) {
  return "$argon2id$v=19$m=" + std::to_string(cost.memory_kib) +
         ",t=" + std::to_string(cost.passes) + ",p=1";
}

}  // namespace

// A place in the pool, given back when it goes.
class Hasher::Turn {
 public:
  explicit Turn(Hasher& hasher) : hasher_(&hasher) {
    std::unique_lock lock{hasher.mutex_};
    if (hasher.running_ >= hasher.at_once_) {
      if (hasher.waiting_ >= hasher.waiting_most_) return;
      ++hasher.waiting_;
      hasher.free_.wait(lock, [&] { return hasher.running_ < hasher.at_once_; });
      --hasher.waiting_;
    }
    ++hasher.running_;
    given_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!given_) return;
    const std::lock_guard lock{hasher_->mutex_};
    --hasher_->running_;
    hasher_->free_.notify_one();
  }
  [[nodiscard]] bool given() const { return given_; }

 private:
  Hasher* hasher_;
  bool given_ = false;
};

Hasher::Hasher(HashCost cost, Random& random, std::size_t at_once, std::size_t waiting)
    : cost_(cost), random_(&random), at_once_(at_once), waiting_most_(waiting) {}

Result<std::string> Hasher::hash(const Secret& password) {
  const Turn turn{*this};
  if (!turn.given()) return Error{Code::too_many, "too many sign-ins at once"};
  const auto salt = random_->bytes<salt_size>();
  std::string out(
      ::argon2_encodedlen(cost_.passes, cost_.memory_kib, 1, salt_size, hash_size, Argon2_id),
      '\0');
  const auto text = password.expose();
  const int rc =
      ::argon2id_hash_encoded(cost_.passes, cost_.memory_kib, 1, text.data(), text.size(),
                              salt.data(), salt.size(), hash_size, out.data(), out.size());
  if (rc != ARGON2_OK) return Error{Code::unavailable, "argon2: code " + std::to_string(rc)};
  out.resize(out.find('\0'));
  return out;
}

Result<bool> Hasher::verify(const Secret& password, std::string_view phc) {
  const Turn turn{*this};
  if (!turn.given()) return Error{Code::too_many, "too many sign-ins at once"};
  const std::string encoded =
      phc.empty() ? prefix_of(cost_) + std::string{nobody_tail} : std::string{phc};
  const auto text = password.expose();
  const int rc = ::argon2id_verify(encoded.c_str(), text.data(), text.size());
  if (rc == ARGON2_OK) return !phc.empty();
  if (rc == ARGON2_VERIFY_MISMATCH) return false;
  return Error{rc == ARGON2_MEMORY_ALLOCATION_ERROR ? Code::unavailable : Code::corrupt,
               "argon2: code " + std::to_string(rc)};
}

bool Hasher::outdated(std::string_view phc) const {
  return !phc.starts_with(prefix_of(cost_) + "$");
}

}  // namespace sp::people
