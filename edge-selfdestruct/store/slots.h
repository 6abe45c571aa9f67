#pragma once
// The key file: one random 32-byte key for each message, in a slot that is overwritten in place
// when the message ends. SQLite cannot erase; this can (docs/threat-model.md, promise 5).
//
// Layout: a header of 4,096 bytes ("SPSLOT01", zeros), then slots of 32 bytes.
// Slot n (from 1) stands at 4096 + 32 (n - 1). An empty slot is all zeros. The file is written
// ahead in steps of 65,536 slots, so that a shred never allocates and works on a full disk.

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::edge_selfdestruct {

/// The number of a slot, which is also the number of its message in the database. From 1.
enum class Slot : std::int64_t {};
constexpr std::int64_t number(Slot slot) {
  return static_cast<std::int64_t>(slot);
}

/// Safe from every thread. No key stays in it: each is read from the file when it is needed.
class SlotFile {
 public:
  /// Opens or creates the file, mode 0600, and locks it: a second process gets `conflict`. A file
  /// that others may read is refused with `forbidden`.
  static Result<std::unique_ptr<SlotFile>> open(const std::string& path, Random& random);
  ~SlotFile();
  SlotFile(const SlotFile&) = delete;
  SlotFile& operator=(const SlotFile&) = delete;

  /// Before anything is served: shreds every slot that `live` does not name (index = number) and
  /// gives those of `live` that are empty, that is whose message cannot be opened any more.
  Result<std::vector<Slot>> recover(const std::vector<bool>& live);

  /// A slot with a new key in it, durable before this returns. Keys are made ahead by the hundred,
  /// so that the fdatasync is shared.
  Result<Slot> allocate();
  /// `not_found` when the slot is empty.
  [[nodiscard]] Result<Secret> key(Slot slot) const;
  /// Overwrites the slots in place; durable when this returns.
  Outcome shred(std::span<const Slot> slots);
  /// Lets a shredded slot be allocated again, once its rows are gone.
  void release(Slot slot);

  [[nodiscard]] std::int64_t capacity() const;

 private:
  SlotFile(int fd, Random& random) : fd_(fd), random_(&random) {}
  Outcome start();
  Outcome sync();
  Outcome grow();
  Outcome refill();
  Outcome shred_strays(std::int64_t first, std::span<std::byte> block, std::vector<Slot>& lost);
  Result<std::vector<std::int64_t>> free_slots(std::size_t wanted);

  int fd_;
  Random* random_;
  mutable std::mutex mutex_;
  std::vector<bool> used_{false};  ///< by number; [0] is never used
  std::int64_t hint_ = 1;          ///< where the search for a free slot goes on
  std::vector<Slot> ready_;        ///< have a key and no message
};

}  // namespace sp::edge_selfdestruct
