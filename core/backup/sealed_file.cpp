#include "core/backup/sealed_file.h"

#include <argon2.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sp::backup {
namespace {

constexpr std::string_view magic = "SPBACKUP";
constexpr std::uint8_t version = 1;
constexpr std::size_t key_size = openssl::gcm_key_size;
constexpr std::uint32_t least_memory_kib = 8 * 1024;
constexpr std::uint32_t most_memory_kib = 2 * 1024 * 1024;
constexpr std::uint32_t most_passes = 16;

Result<Secret> stretch(const Secret& passphrase, const Header& header) {
  Secret key{key_size};
  const auto text = passphrase.expose();
  const auto out = key.expose_mutable();
  const int rc =
      ::argon2id_hash_raw(header.cost.passes, header.cost.memory_kib, 1, text.data(), text.size(),
                          header.salt.data(), header.salt.size(), out.data(), out.size());
  if (rc != ARGON2_OK)
    return Error{Code::unavailable, "argon2: code " + std::to_string(rc) + "; is memory short?"};
  return key;
}

// The key is new for each file, so a number is used once.
openssl::Nonce nonce_of(std::uint64_t number) {
  openssl::Nonce nonce{};
  const auto bytes = bytes::Writer{}.u32(0).u64(number).take();
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}
Bytes bound_to(const openssl::Digest& header, std::uint64_t number, bool last) {
  return bytes::Writer{}.raw(header).u64(number).u8(last ? 1 : 0).take();
}

std::filesystem::path part_of(const std::filesystem::path& path) {
  return path.string() + ".part";
}

Error failed(const std::filesystem::path& path, const char* what) {
  return Error{Code::unavailable, std::string{"cannot "} + what + " " + path.string() + ": " +
                                      std::generic_category().message(errno)};
}

}  // namespace

Bytes encode(const Header& header) {
  return bytes::Writer{}
      .raw(magic)
      .u8(version)
      .u32(header.cost.memory_kib)
      .u32(header.cost.passes)
      .raw(header.salt)
      .u64(static_cast<std::uint64_t>(to_millis(header.created_at)))
      .take();
}

Result<Header> decode_header(BytesView from) {
  const Error no_backup{Code::invalid_input, "this is no backup of a Sallyport core"};
  bytes::Reader reader{from};
  if (!reader.expect(bytes::of(magic))) return no_backup;
  if (TRY(reader.u8()) != version)
    return Error{Code::invalid_input,
                 "this backup is of another version; use the program that "
                 "made it, or a newer one"};
  Header header;
  header.cost.memory_kib = TRY(reader.u32());
  header.cost.passes = TRY(reader.u32());
  header.salt = TRY(reader.array<16>());
  const auto at = TRY(reader.u64());
  TRY(reader.end());
  const auto& cost = header.cost;
  const bool sound = cost.memory_kib >= least_memory_kib && cost.memory_kib <= most_memory_kib &&
                     cost.passes >= 1 && cost.passes <= most_passes && at < (1ULL << 52U);
  if (!sound) return no_backup;
  header.created_at = from_millis(static_cast<std::int64_t>(at));
  return header;
}

SealedWriter::SealedWriter(File file, std::filesystem::path path, Secret key,
                           openssl::Digest header)
    : file_(std::move(file)),
      path_(std::move(path)),
      key_(std::move(key)),
      header_(header),
      plain_(segment_size) {}

SealedWriter::~SealedWriter() {
  if (file_ != nullptr) ::unlink(part_of(path_).c_str());
}

Result<SealedWriter> SealedWriter::create(const std::filesystem::path& path,
                                          const Secret& passphrase, const Cost& cost,
                                          Random& random, Instant now) {
  const Header header{cost, random.bytes<16>(), now};
  auto key = TRY(stretch(passphrase, header));
  const auto part = part_of(path);
  const int number = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                            S_IRUSR | S_IWUSR);
  if (number < 0) return failed(part, "write");
  File file{::fdopen(number, "wb")};
  SealedWriter writer{std::move(file), path, std::move(key), openssl::sha256(encode(header))};
  const auto head = encode(header);
  if (std::fwrite(head.data(), 1, head.size(), writer.file_.get()) != head.size())
    return failed(part, "write");
  return writer;
}

Outcome SealedWriter::write(BytesView plain) {
  while (!plain.empty()) {
    if (filled_ == segment_size) TRY(seal(false));
    const auto size = std::min(plain.size(), segment_size - filled_);
    std::copy_n(plain.begin(), size,
                plain_.expose_mutable().begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += size;
    plain = plain.subspan(size);
  }
  return {};
}

Outcome SealedWriter::seal(bool last) {
  const auto sealed = openssl::gcm_seal(key_, nonce_of(number_), bound_to(header_, number_, last),
                                        plain_.expose().first(filled_));
  ++number_;
  filled_ = 0;
  if (std::fwrite(sealed.data(), 1, sealed.size(), file_.get()) != sealed.size())
    return failed(part_of(path_), "write");
  return {};
}

Outcome SealedWriter::finish() {
  TRY(seal(true));
  const auto part = part_of(path_);
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0)
    return failed(part, "write");
  if (::rename(part.c_str(), path_.c_str()) != 0) return failed(path_, "write");
  file_.reset();
  return {};
}

SealedReader::SealedReader(File file, Secret key, openssl::Digest header, Instant created_at)
    : file_(std::move(file)), key_(std::move(key)), header_(header), created_at_(created_at) {}

Result<SealedReader> SealedReader::open(const std::filesystem::path& path,
                                        const Secret& passphrase) {
  File file{std::fopen(path.c_str(), "rbe")};
  if (file == nullptr) return Error{Code::not_found, "cannot read " + path.string()};
  Bytes head(header_size);
  head.resize(std::fread(head.data(), 1, head.size(), file.get()));
  const auto header = TRY(decode_header(head).within(path.string()));
  auto key = TRY(stretch(passphrase, header));
  return SealedReader{std::move(file), std::move(key), openssl::sha256(head), header.created_at};
}

Outcome SealedReader::next() {
  Bytes sealed(segment_size + openssl::gcm_tag_size);
  sealed.resize(std::fread(sealed.data(), 1, sealed.size(), file_.get()));
  const int following = std::fgetc(file_.get());
  last_ = following == EOF;
  if (!last_) std::ungetc(following, file_.get());
  auto plain =
      openssl::gcm_open(key_, nonce_of(number_), bound_to(header_, number_, last_), sealed);
  if (!plain && number_ == 0)
    return Error{Code::corrupt, "the backup does not open: another passphrase, or it is damaged"};
  if (!plain) return Error{Code::corrupt, "the backup is damaged or was cut off"};
  ++number_;
  plain_ = std::move(*plain);
  used_ = 0;
  return {};
}

Outcome SealedReader::read(std::span<std::byte> into) {
  while (!into.empty()) {
    if (used_ == plain_.size()) {
      if (last_) return Error{Code::corrupt, "the backup ends too early"};
      TRY(next());
      continue;
    }
    const auto size = std::min(into.size(), plain_.size() - used_);
    std::copy_n(plain_.expose().begin() + static_cast<std::ptrdiff_t>(used_), size, into.begin());
    used_ += size;
    into = into.subspan(size);
  }
  return {};
}

Result<bool> SealedReader::at_end() {
  if (used_ < plain_.size()) return false;
  if (last_) return true;
  TRY(next());
  return plain_.size() == 0 && last_;
}

}  // namespace sp::backup
