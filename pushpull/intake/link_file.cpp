#include "pushpull/intake/link_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "pushpull/enrolment/kit.h"
#include "pushpull/intake/intake.h"

namespace sp::pushpull {
namespace {

constexpr std::string_view magic = "SPE1";  // an edge's secrets of its link, version 1
constexpr ::mode_t owner_only = 0600;

std::filesystem::path key_path(const std::filesystem::path& directory) {
  return directory / "link.key";
}
Result<std::string> take_text(bytes::Reader& reader) {
  const auto size = TRY(reader.u16());
  const auto view = TRY(reader.take(size));
  return std::string{bytes::text(view)};
}

}  // namespace

Secret encode(const EdgeKeys& keys) {
  bytes::Writer out;
  out.raw(magic).raw(keys.edge_id.view());
  out.u16(static_cast<std::uint16_t>(keys.name.size())).raw(keys.name);
  out.u16(static_cast<std::uint16_t>(keys.kind.size())).raw(keys.kind);
  out.raw(keys.core_key.view()).raw(keys.key.secret().expose()).u32(keys.epoch);
  out.raw(keys.psk.secret().expose());
  out.u64(static_cast<std::uint64_t>(to_millis(keys.kit_expires_at)));
  out.u8(keys.pending ? 1 : 0);
  if (keys.pending)
    out.raw(keys.pending->psk.secret().expose()).raw(keys.pending->key.secret().expose());
  auto plain = out.take();
  auto secret = Secret::copy_of(plain);
  wipe(plain);
  return secret;
}

Result<EdgeKeys> decode_edge_keys(BytesView from) {
  bytes::Reader reader{from};
  TRY(reader.expect(bytes::of(magic)));
  const auto edge_id = EdgeId{TRY(reader.array<16>())};
  auto name = TRY(take_text(reader));
  auto kind = TRY(take_text(reader));
  const auto core_key = StaticPublicKey{TRY(reader.array<32>())};
  const auto key_raw = TRY(reader.take(32));
  const auto epoch = TRY(reader.u32());
  const auto psk_raw = TRY(reader.take(32));
  const auto expires = TRY(reader.u64());
  const auto has_pending = TRY(reader.u8());
  auto key = TRY(StaticPrivateKey::of(key_raw));
  auto psk = TRY(LinkPsk::of(psk_raw));
  EdgeKeys keys{edge_id,
                std::move(name),
                std::move(kind),
                core_key,
                std::move(key),
                epoch,
                std::move(psk),
                from_millis(static_cast<std::int64_t>(expires)),
                {}};
  if (has_pending > 1) return Error{Code::corrupt, "link.key"};
  if (has_pending == 1) {
    const auto pending_psk = TRY(reader.take(32));
    const auto pending_key = TRY(reader.take(32));
    auto new_psk = TRY(LinkPsk::of(pending_psk));
    auto new_key = TRY(StaticPrivateKey::of(pending_key));
    keys.pending = EdgeKeys::Pending{std::move(new_psk), std::move(new_key)};
  }
  TRY(reader.end());
  return keys;
}

Result<EdgeKeys> read_link_file(const std::filesystem::path& directory) {
  const auto stored = TRY(config::read_secret_file(key_path(directory)));
  return decode_edge_keys(stored.expose()).within("link.key");
}

Outcome write_link_file(const std::filesystem::path& directory, const EdgeKeys& keys) {
  return config::write_file(key_path(directory), encode(keys).expose(), owner_only);
}

Outcome enrol(const std::filesystem::path& directory, BytesView kit_text, std::string_view kind,
              Random& random, Instant now) {
  const auto kit = TRY(decode_kit(kit_text));
  if (kit.kind != kind)
    return Error{Code::invalid_input, "this kit is for an edge of kind " + kit.kind};
  if (kit.expires_at <= now)
    return Error{Code::expired, "this kit is too old; make a new one at the core"};
  if (std::filesystem::exists(key_path(directory)))
    return Error{Code::conflict, key_path(directory).string() +
                                     " exists: this edge is enrolled; remove it (and the edge's "
                                     "database) to enrol anew"};
  return write_link_file(directory, EdgeKeys{kit.edge_id,
                                             kit.name,
                                             kit.kind,
                                             kit.core_key,
                                             StaticPrivateKey::random(random),
                                             0,
                                             kit.psk.copy(),
                                             kit.expires_at,
                                             {}});
}

Result<ChangeCount> ChangeCount::open(const std::filesystem::path& directory) {
  const auto path = directory / "link.count";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, owner_only);
  if (file < 0)
    return Error{Code::unavailable, "open " + path.string() + ": errno " + std::to_string(errno)};
  return ChangeCount{file};
}
ChangeCount::ChangeCount(ChangeCount&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
ChangeCount::~ChangeCount() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t ChangeCount::value() const {
  std::array<std::byte, 8> raw{};
  if (::pread(file_, raw.data(), raw.size(), 0) != ssize_t{8}) return 0;
  bytes::Reader reader{raw};
  return reader.u64().value_or(0);
}
void ChangeCount::set(std::uint64_t value) const {
  const auto raw = bytes::Writer{}.u64(value).take();
  // A write that fails leaves the count behind, which is its safe side.
  [[maybe_unused]] const auto written = ::pwrite(file_, raw.data(), raw.size(), 0);
}

}  // namespace sp::pushpull
