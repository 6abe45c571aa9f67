#pragma once
// Output of a terminal that its page has not acknowledged, and how much more may come. Pure.

#include <cstdint>
#include <optional>

#include "base/bytes/bytes.h"

namespace sp::edge_gateway {

class Output {
 public:
  static constexpr std::uint64_t window = 1U << 20U;  ///< under way to a page
  static constexpr std::uint64_t kept = 4U << 20U;    ///< while no page is there
  static constexpr std::size_t most_piece = 32U << 10U;

  void add(BytesView more);
  /// All that ever came.
  [[nodiscard]] std::uint64_t total() const { return seen_ + held(); }

  /// The page has everything before `seen`. False when it cannot: less than it said before, or more
  /// than was sent.
  bool acknowledge(std::uint64_t seen);
  /// Another connection goes on at `seen`. False when that is no place that is held.
  bool go_on_at(std::uint64_t seen);

  struct Piece {
    std::uint64_t offset = 0;
    BytesView bytes;
  };
  /// What may be sent next; it counts as sent, and stands until the next call of another function.
  std::optional<Piece> next();

  /// How much the host may have sent in all. Never less than before.
  std::uint64_t allowance(bool has_page);

 private:
  [[nodiscard]] std::uint64_t held() const { return bytes_.size() - begin_; }
  void drop(std::uint64_t count);

  Bytes bytes_;
  std::size_t begin_ = 0;  // of what is held in `bytes_`
  std::uint64_t seen_ = 0, sent_ = 0, allowed_ = 0;
};

}  // namespace sp::edge_gateway
