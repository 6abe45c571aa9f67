#include "core/recordings/opener.h"

#include <array>

#include "base/openssl/crypto.h"
#include "pushpull/envelope/export.h"

namespace sp::recordings {
namespace {

constexpr std::string_view magic = "SPR1";
constexpr std::string_view info_label = "sallyport recording v1";
constexpr std::string_view chain_label = "sallyport recording v1 chain";
constexpr std::string_view chunk_label = "sallyport recording v1 chunk";
constexpr std::string_view next_label = "sallyport recording v1 next";
constexpr std::size_t header_size = 52, head_size = 5, key_size = 32;
constexpr std::size_t most_sealed = 256U << 10U;

constexpr std::array state_names{std::string_view{"none"},    std::string_view{"awaited"},
                                 std::string_view{"growing"}, std::string_view{"whole"},
                                 std::string_view{"cut"},     std::string_view{"damaged"},
                                 std::string_view{"erased"}};
static_assert(state_names.size() == static_cast<std::size_t>(State::erased) + 1);

}  // namespace

std::string_view name(State state) {
  return state_names[static_cast<std::size_t>(state)];
}
Result<State> state_named(std::string_view text) {
  for (std::size_t index = 0; index < state_names.size(); ++index)
    if (state_names[index] == text) return static_cast<State>(index);
  return Error{Code::invalid_input, "recording state"};
}

State verdict(const Opener& opened, const Progress& told) {
  if (opened.is_damaged()) return State::damaged;
  if (opened.progress() != told) return State::damaged;
  return opened.is_finished() ? State::whole : State::cut;
}

Error Opener::damaged(std::string_view why) {
  damaged_ = true;
  kept_.clear();
  chain_ = {};
  return Error{Code::corrupt, "recording: " + std::string{why}};
}

Result<Secret> Opener::take(BytesView bytes) {
  if (damaged_) return Error{Code::corrupt, "recording: damaged"};
  bytes::append(kept_, bytes);
  Bytes text;
  if (progress_.bytes == 0) {
    const bool whole = TRY(open_header());
    if (!whole) return Secret{};
  }
  for (bool more = true; more;) {
    auto opened = open_chunk(text);
    // What opened before the damage is genuine: it is given out, and the next call fails.
    if (!opened && text.empty()) return opened.error();
    more = opened && *opened;
  }
  auto out = Secret::copy_of(text);
  sp::wipe(text);
  return out;
}

Result<bool> Opener::open_header() {
  if (kept_.size() < header_size) return false;
  bytes::Reader reader{kept_};
  const auto head = reader.take(header_size);
  bytes::Reader fields{*head};
  if (!fields.expect(bytes::of(magic)) || !fields.expect(session_)) return damaged("header");
  const auto encapsulated = TRY(pushpull::StaticPublicKey::of(fields.rest()));
  const auto info = bytes::Writer{}.raw(info_label).raw(session_).take();
  auto chain = pushpull::core_import(encapsulated, key_, {info, chain_label});
  if (!chain) return damaged("header's key");
  chain_ = *std::move(chain);
  progress_ = {0, header_size, openssl::sha256(*head)};
  kept_ = bytes::copy(reader.rest());
  return true;
}

Result<bool> Opener::open_chunk(Bytes& text) {
  if (kept_.size() < head_size) return false;
  bytes::Reader reader{kept_};
  const auto size = TRY(reader.u32());
  const auto last = TRY(reader.u8());
  if (finished_) return damaged("goes on after its end");
  if (size > most_sealed || size < openssl::gcm_tag_size || last > 1)
    return damaged("head of a chunk");
  if (reader.rest().size() < size) return false;
  const auto chunk = BytesView{kept_}.first(head_size + size);
  const auto key = openssl::hkdf_expand(chain_, chunk_label, key_size);
  const auto aad = bytes::Writer{}.raw(progress_.hash).u8(last).take();
  const auto plain = openssl::gcm_open(key, {}, aad, chunk.subspan(head_size));
  if (!plain) return damaged("chunk");
  bytes::append(text, plain->expose());
  chain_ = openssl::hkdf_expand(chain_, next_label, key_size);
  progress_ = {progress_.chunks + 1, progress_.bytes + chunk.size(),
               openssl::sha256({progress_.hash, chunk})};
  finished_ = last == 1;
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(chunk.size()));
  return true;
}

}  // namespace sp::recordings
