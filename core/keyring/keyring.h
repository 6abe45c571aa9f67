#pragma once
// Keys at rest. Every secret that the core stores is sealed here, bound to its place.
//
//   root = HKDF(salt = the database's half, input = the key file's half)
//   root wraps the keyring: a random key for each term, in the table `keyring`
//   a term's key and a random salt give one AES-256-GCM key for each seal
//
// sealed value: u8 1 || u32 term || 16 bytes salt || ciphertext || 16 bytes tag; the place, the
// term and the format are bound in. Sealing uses the newest term, opening the term that the value
// names: a later rotation adds a term and rewraps behind the callers' backs.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/bytes/bytes.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "core/store/store.h"

namespace sp::keyring {

/// Where a sealed value stands. A value moved to another row, column or table does not open.
struct Place {
  std::string_view table;
  std::string_view id;
  std::string_view field;
};

inline constexpr std::size_t root_half_size = 32;

/// The key file's half: exactly 32 bytes, the file not readable by group or others. The error names
/// the file and says what to do.
Result<Secret> read_root_half(const std::string& path);
/// Makes the file, mode 0600; `conflict` when it exists.
Outcome write_root_half(const std::string& path, Random& random);

/// Safe from every thread.
class Keyring {
 public:
  /// Makes the database's half and the first term. `conflict` when there is one already.
  static Outcome create(store::Store& store, const Secret& file_half, Random& random,
                        const Clock& clock);
  /// `corrupt` when the key file is not the one that this database was made with.
  static Result<std::unique_ptr<Keyring>> open(store::Store& store, const Secret& file_half,
                                               Random& random);

  [[nodiscard]] Bytes seal(const Place& place, BytesView plain) const;
  /// `corrupt` when it is not what `seal` gave for this very place.
  [[nodiscard]] Result<Secret> open(const Place& place, BytesView sealed) const;
  /// 32 bytes for one purpose ("audit chain"); the same for ever, whatever the term.
  [[nodiscard]] Secret derive(std::string_view purpose) const;
  /// Adds a term; what is sealed from now on uses it.
  Outcome rotate(store::Store& store, const Clock& clock);
  [[nodiscard]] std::uint32_t newest_term() const;

 private:
  Keyring(Secret root, Random& random) : root_(std::move(root)), random_(&random) {}
  Secret root_;
  Random* random_;
  mutable std::shared_mutex mutex_;
  std::map<std::uint32_t, Secret> terms_;
};

}  // namespace sp::keyring
