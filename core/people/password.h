#pragma once
// Argon2id for passwords, in a bounded pool: an Argon2 run takes 64 MiB and a fifth of a second of
// one CPU, so unbounded sign-ins would be an attack on memory.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::people {

struct HashCost {
  std::uint32_t memory_kib = 64 * 1024;
  std::uint32_t passes = 3;
};

/// Safe from every thread.
class Hasher {
 public:
  /// At most `at_once` runs at the same time, at most `waiting` behind them; more are told
  /// `too_many`.
  Hasher(HashCost cost, Random& random, std::size_t at_once = 2, std::size_t waiting = 16);

  /// A PHC string: $argon2id$v=19$m=65536,t=3,p=1$salt$hash.
  Result<std::string> hash(const Secret& password);
  /// Whether `password` is the one of `phc`. With an empty `phc` it works as long and says no: for
  /// accounts that do not exist.
  Result<bool> verify(const Secret& password, std::string_view phc);
  /// True when `phc` was made with other costs and should be made anew at the next sign-in.
  [[nodiscard]] bool outdated(std::string_view phc) const;

 private:
  class Turn;
  HashCost cost_;
  Random* random_;
  std::size_t at_once_, waiting_most_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t running_ = 0, waiting_ = 0;
};

}  // namespace sp::people
