#include "edge-gateway/ssh/leftovers.h"

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <span>
#include <utility>

#include "base/secret/secret.h"

namespace sp::edge_gateway {
namespace {

constexpr std::size_t step = 16;           // of the sizes that the allocator tells apart
constexpr std::size_t most_small = 1'040;  // up to here it keeps the last few of each size aside
constexpr int kept_aside = 7;
constexpr std::size_t most_large = 64U << 10U;
constexpr std::size_t most_in_all = 1U << 20U;  // of one size

/// What was taken, each piece holding the way to the one before.
class Taken {
 public:
  Taken() = default;
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() {
    while (last_ != nullptr) ::free(std::exchange(last_, last_->before));  // NOLINT
  }

  void take(std::size_t size) {
    void* memory = ::malloc(size);  // NOLINT: it is the allocator that this is about
    if (memory == nullptr) return;
    wipe(std::span{static_cast<std::byte*>(memory), size});
    last_ = ::new (memory) Piece{last_};
  }

 private:
  struct Piece {
    Piece* before;
  };
  Piece* last_ = nullptr;
};

std::size_t heap_size() {
  return ::mallinfo2().arena;
}

// Until the heap has to grow, which says that nothing of this size was left. A sanitizer's heap
// says nothing, so there is an end to it in any case.
void take_all(Taken& taken, std::size_t size) {
  const auto before = heap_size();
  for (auto left = most_in_all / size; left > 0 && heap_size() == before; --left) taken.take(size);
}

}  // namespace

void overwrite_leftovers() {
  Taken taken;
  for (std::size_t size = step + sizeof(void*); size <= most_small; size += step)
    for (int i = 0; i < kept_aside; ++i) taken.take(size);
  for (auto size = most_large; size > step; size /= 2) take_all(taken, size);
}

}  // namespace sp::edge_gateway
