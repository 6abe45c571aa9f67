#pragma once
// What every decoder must hold: one value has one form.

#include "pushpull/items/items.h"

namespace sp::pushpull {

/// How many texts made from `good` by changing one byte still decode to the same as another did:
/// none may decode and then encode to something else than was read.
template <class Decode>
inline int not_canonical(const Bytes& good, Decode decode) {
  int bad_forms = 0;
  for (std::size_t at = 0; at < good.size() * 8; ++at) {
    auto changed = good;
    changed[at / 8] ^= static_cast<std::byte>(1U << (at % 8));
    const auto value = decode(changed);
    bad_forms += value.has_value() && encode(*value) != changed ? 1 : 0;
  }
  return bad_forms;
}
template <class Decode>
int accepted_cuts(const Bytes& good, Decode decode) {
  int accepted = 0;
  for (std::size_t size = 0; size < good.size(); ++size)
    accepted += decode(BytesView{good}.first(size)).has_value() ? 1 : 0;
  auto longer = good;
  longer.push_back(std::byte{0});
  return accepted + (decode(longer).has_value() ? 1 : 0);
}

}  // namespace sp::pushpull
