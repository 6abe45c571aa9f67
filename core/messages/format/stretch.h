#pragma once
// A passphrase made expensive to guess: NFC, then Argon2id (docs/formats/message.md, section 1).

#include <array>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "core/messages/format/keys.h"

namespace sp::messages {

using Salt = std::array<std::byte, 16>;

struct StretchCost {
  std::uint32_t memory_kib = 64 * 1024;
  std::uint32_t passes = 3;
};
/// What a reader accepts: 8 MiB to 1 GiB, 1 to 16 passes.
bool is_acceptable(const StretchCost& cost);

/// NFC (Unicode 15, UAX 15) of UTF-8 text, so that a passphrase typed on another keyboard is the
/// same bytes. Fails with `invalid_input` on anything that is not UTF-8.
Result<Secret> nfc(const Secret& text);

/// Runs Argon2id for at most `lanes` callers at a time; others wait their turn. Each lane keeps its
/// buffer, so that a message does not cost a fresh 64 MiB from the kernel. Safe from every thread.
class Stretcher {
 public:
  explicit Stretcher(std::size_t lanes = 2);
  ~Stretcher();
  Stretcher(const Stretcher&) = delete;
  Stretcher& operator=(const Stretcher&) = delete;

  /// `passphrase` is UTF-8 text of 1 byte to 4 KiB, in any normal form.
  Result<StretchedPassphrase> stretch(const Secret& passphrase, const Salt& salt,
                                      const StretchCost& cost);

 private:
  struct Lane;
  std::unique_ptr<Lane> borrow();
  void give_back(std::unique_ptr<Lane> lane);

  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace sp::messages
