#pragma once
// The edge's secrets of its link, in the file link.key; and the file link.count beside it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "pushpull/envelope/keys.h"

namespace sp::pushpull {

struct EdgeKeys {
  EdgeId edge_id;
  std::string name;
  std::string kind;
  StaticPublicKey core_key;
  StaticPrivateKey key;
  std::uint32_t epoch = 0;  ///< 0: not enrolled
  LinkPsk psk;
  Instant kit_expires_at{};
  struct Pending {  ///< of epoch + 1, while a rekey is under way
    LinkPsk psk;
    StaticPrivateKey key;
  };
  std::optional<Pending> pending;
};
Secret encode(const EdgeKeys& keys);
Result<EdgeKeys> decode_edge_keys(BytesView from);

/// `not_found` before `enrol`.
Result<EdgeKeys> read_link_file(const std::filesystem::path& directory);
Outcome write_link_file(const std::filesystem::path& directory, const EdgeKeys& keys);

/// How many changes the inbox has had, outside of the database: a database that is a copy of an
/// earlier time has had fewer. Written after each commit and not synced, so it may lag, never lead.
class ChangeCount {
 public:
  static Result<ChangeCount> open(const std::filesystem::path& directory);
  ChangeCount(ChangeCount&& other) noexcept;
  ChangeCount& operator=(ChangeCount&&) = delete;
  ChangeCount(const ChangeCount&) = delete;
  ChangeCount& operator=(const ChangeCount&) = delete;
  ~ChangeCount();

  [[nodiscard]] std::uint64_t value() const;  ///< 0 in a new file
  void set(std::uint64_t value) const;

 private:
  explicit ChangeCount(int file) : file_(file) {}
  int file_;
};

}  // namespace sp::pushpull
