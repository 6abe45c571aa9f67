#pragma once
// A cursor over a DNS message that follows compressed names (RFC 1035 section 4.1.4).

#include <string>

#include "base/bytes/bytes.h"

namespace sp::acme::dns {

class MessageReader {
 public:
  explicit MessageReader(BytesView message) : whole_(message) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  Result<std::uint16_t> u16();
  Result<std::uint32_t> u32();
  Result<BytesView> take(std::size_t count);
  /// Lower case, with the dot at the end; bytes other than letters, digits, - and _ as "?".
  /// Pointers may lead backwards only, so that reading ends.
  Result<std::string> name();

 private:
  BytesView whole_;
  std::size_t at_ = 0;
};

}  // namespace sp::acme::dns
