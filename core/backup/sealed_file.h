#pragma once
// A file that a passphrase opens, written and read in one pass: docs/formats/backup.md.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"

namespace sp::backup {

/// Argon2id; the defaults take about half a second.
struct Cost {
  std::uint32_t memory_kib = 128 * 1024;
  std::uint32_t passes = 3;
};
struct Header {
  Cost cost;
  std::array<std::byte, 16> salt{};
  Instant created_at{};
};
inline constexpr std::size_t header_size = 41;
inline constexpr std::size_t segment_size = std::size_t{1} << 20;

Bytes encode(const Header& header);
/// `invalid_input` for what is no backup, another version, or a cost out of bounds.
Result<Header> decode_header(BytesView from);

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

class SealedWriter {
 public:
  /// Writes beside `path`; nothing is at `path` before `finish`. Mode 0600.
  static Result<SealedWriter> create(const std::filesystem::path& path, const Secret& passphrase,
                                     const Cost& cost, Random& random, Instant now);
  SealedWriter(SealedWriter&&) = default;
  SealedWriter& operator=(SealedWriter&&) = delete;
  ~SealedWriter();
  Outcome write(BytesView plain);
  /// The last segment, synced and in its place.
  Outcome finish();

 private:
  SealedWriter(File file, std::filesystem::path path, Secret key, openssl::Digest header);
  Outcome seal(bool last);
  File file_;
  std::filesystem::path path_;
  Secret key_;
  openssl::Digest header_;
  std::uint64_t number_ = 0;
  Secret plain_;
  std::size_t filled_ = 0;
};

class SealedReader {
 public:
  /// `not_found`, `invalid_input` when it is no backup. A wrong passphrase shows at the first read.
  static Result<SealedReader> open(const std::filesystem::path& path, const Secret& passphrase);
  /// Fills all of `into`; `corrupt` when a segment does not open (changed, cut, or another
  /// passphrase) or the end comes first.
  Outcome read(std::span<std::byte> into);
  /// Whether everything was read. `corrupt` when what follows does not open.
  Result<bool> at_end();
  [[nodiscard]] Instant created_at() const { return created_at_; }

 private:
  SealedReader(File file, Secret key, openssl::Digest header, Instant created_at);
  Outcome next();
  File file_;
  Secret key_;
  openssl::Digest header_;
  Instant created_at_;
  std::uint64_t number_ = 0;
  Secret plain_;
  std::size_t used_ = 0;
  bool last_ = false;
};

}  // namespace sp::backup
