#include "core/messages/format/stretch.h"

#include <argon2.h>
#include <utf8proc.h>

#include <cstdlib>
#include <cstring>

namespace sp::messages {

struct Stretcher::Lane {
  std::unique_ptr<std::uint8_t[]> memory;
  std::size_t size = 0;
};

namespace {

// libargon2's allocation callbacks carry no context, so the lane in use is told by thread.
struct LaneMemory {
  std::unique_ptr<std::uint8_t[]>* memory = nullptr;
  std::size_t* size = nullptr;
};
thread_local LaneMemory lane_of_this_thread;

int lend(std::uint8_t** out, std::size_t wanted) {
  auto& [memory, size] = lane_of_this_thread;
  if (*size < wanted) {
    *size = 0;
    memory->reset(new (std::nothrow) std::uint8_t[wanted]);
    if (*memory == nullptr) return ARGON2_MEMORY_ALLOCATION_ERROR;
    *size = wanted;
  }
  *out = memory->get();
  return ARGON2_OK;
}

// libargon2 wipes the memory before it gives it back; the lane keeps it.
void keep(std::uint8_t*, std::size_t) {}

struct Free {
  void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

int argon2id(const Secret& passphrase, const Salt& salt, const StretchCost& cost, Secret& out) {
  Secret input = Secret::copy_of(passphrase.expose());  // the C interface wants them writable
  Salt salt_copy = salt;
  argon2_context context{};
  context.out = reinterpret_cast<std::uint8_t*>(out.expose_mutable().data());
  context.outlen = static_cast<std::uint32_t>(out.size());
  context.pwd = reinterpret_cast<std::uint8_t*>(input.expose_mutable().data());
  context.pwdlen = static_cast<std::uint32_t>(input.size());
  context.salt = reinterpret_cast<std::uint8_t*>(salt_copy.data());
  context.saltlen = static_cast<std::uint32_t>(salt_copy.size());
  context.t_cost = cost.passes;
  context.m_cost = cost.memory_kib;
  context.lanes = 1;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = lend;
  context.free_cbk = keep;
  return ::argon2id_ctx(&context);
}

}  // namespace

bool is_acceptable(const StretchCost& cost) {
  return cost.memory_kib >= 8 * 1024 && cost.memory_kib <= 1024 * 1024 && cost.passes >= 1 &&
         cost.passes <= 16;
}

Result<Secret> nfc(const Secret& text) {
  const auto view = text.expose();
  if (!bytes::is_utf8(bytes::text(view))) return Error{Code::invalid_input, "text: not UTF-8"};
  utf8proc_uint8_t* raw = nullptr;
  const auto size =
      ::utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(view.data()),
                     static_cast<utf8proc_ssize_t>(view.size()), &raw,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owned{raw};
  if (size < 0) return Error{Code::invalid_input, "text: normalisation " + std::to_string(size)};

  const std::span<std::byte> composed{reinterpret_cast<std::byte*>(raw),
                                      static_cast<std::size_t>(size)};
  auto out = Secret::copy_of(composed);
  wipe(composed);
  return out;
}

Stretcher::Stretcher(std::size_t lanes) {
  for (std::size_t i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}
Stretcher::~Stretcher() = default;

std::unique_ptr<Stretcher::Lane> Stretcher::borrow() {
  std::unique_lock lock{mutex_};
  free_.wait(lock, [this] { return !lanes_.empty(); });
  auto lane = std::move(lanes_.back());
  lanes_.pop_back();
  return lane;
}

void Stretcher::give_back(std::unique_ptr<Lane> lane) {
  {
    const std::lock_guard lock{mutex_};
    lanes_.push_back(std::move(lane));
  }
  free_.notify_one();
}

Result<StretchedPassphrase> Stretcher::stretch(const Secret& passphrase, const Salt& salt,
                                               const StretchCost& cost) {
  if (passphrase.empty() || passphrase.size() > 4096)
    return Error{Code::invalid_input, "passphrase: 1 to 4,096 bytes"};
  if (!is_acceptable(cost)) return Error{Code::invalid_input, "passphrase: settings out of range"};
  const auto normal = TRY(nfc(passphrase));

  StretchedPassphrase out{Secret{32}};
  auto lane = borrow();
  lane_of_this_thread = {&lane->memory, &lane->size};
  const int status = argon2id(normal, salt, cost, out.value);
  lane_of_this_thread = {};
  give_back(std::move(lane));
  if (status != ARGON2_OK) return Error{Code::unavailable, "argon2id " + std::to_string(status)};
  return out;
}

}  // namespace sp::messages
