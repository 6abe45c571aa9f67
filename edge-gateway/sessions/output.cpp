#include "edge-gateway/sessions/output.h"

#include <algorithm>

namespace sp::edge_gateway {

void Output::add(BytesView more) {
  bytes::append(bytes_, more);
}

void Output::drop(std::uint64_t count) {
  constexpr std::size_t small = 64U << 10U;
  begin_ += static_cast<std::size_t>(count);
  seen_ += count;
  if (begin_ == bytes_.size()) {
    if (bytes_.capacity() > small) bytes_ = Bytes{};
    bytes_.clear();
    begin_ = 0;
  } else if (begin_ > bytes_.size() / 2) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
}

bool Output::acknowledge(std::uint64_t seen) {
  if (seen < seen_ || seen > sent_) return false;
  drop(seen - seen_);
  return true;
}

bool Output::go_on_at(std::uint64_t seen) {
  if (seen < seen_ || seen > sent_) return false;
  sent_ = seen;
  drop(seen - seen_);
  return true;
}

std::optional<Output::Piece> Output::next() {
  const auto end = std::min(total(), seen_ + window);
  if (sent_ >= end) return std::nullopt;
  const auto size = std::min<std::uint64_t>(end - sent_, most_piece);
  const auto at = begin_ + static_cast<std::size_t>(sent_ - seen_);
  const Piece out{sent_, BytesView{bytes_}.subspan(at, static_cast<std::size_t>(size))};
  sent_ += size;
  return out;
}

std::uint64_t Output::allowance(bool has_page) {
  allowed_ = std::max(allowed_, seen_ + (has_page ? window : kept));
  return allowed_;
}

}  // namespace sp::edge_gateway
