#include "core/program/wiping_heap.h"

#include <curl/curl.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace {

void wiping_free(void* memory) noexcept {
  if (memory == nullptr) return;
  ::explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

// realloc may move and leave the old place as it was: so it is done by hand.
void* wiping_realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr) return std::malloc(size);
  if (size == 0) return wiping_free(memory), nullptr;
  const auto before = ::malloc_usable_size(memory);
  if (size <= before && size > before / 2) return memory;
  void* fresh = std::malloc(size);
  if (fresh == nullptr) return nullptr;
  std::memcpy(fresh, memory, before < size ? before : size);
  wiping_free(memory);
  return fresh;
}

}  // namespace

namespace sp::core {

void wipe_what_is_freed() {
  ::CRYPTO_set_mem_functions(
      [](std::size_t size, const char*, int) { return std::malloc(size); },
      [](void* memory, std::size_t size, const char*, int) { return wiping_realloc(memory, size); },
      [](void* memory, const char*, int) { wiping_free(memory); });
  ::curl_global_init_mem(
      CURL_GLOBAL_DEFAULT, [](std::size_t size) { return std::malloc(size); }, wiping_free,
      wiping_realloc,
      [](const char* text) {
        const auto size = std::strlen(text) + 1;
        auto* copy = static_cast<char*>(std::malloc(size));
        if (copy != nullptr) std::memcpy(copy, text, size);
        return copy;
      },
      [](std::size_t count, std::size_t size) { return std::calloc(count, size); });
}

}  // namespace sp::core

// The replaceable functions of [new.delete]: the pair of each new below. The array forms of the
// library call these; the nothrow form is here too, since AddressSanitizer's would not.
void* operator new(std::size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  wiping_free(memory);
}
void operator delete(void* memory) noexcept {
  wiping_free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  wiping_free(memory);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  const auto whole = (size + step - 1) / step * step;
  if (void* memory = std::aligned_alloc(step, whole == 0 ? step : whole)) return memory;
  throw std::bad_alloc{};
}
void operator delete(void* memory, std::align_val_t) noexcept {
  wiping_free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  wiping_free(memory);
}
