#include "edge-gateway/recording/recording.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "base/openssl/crypto.h"
#include "pushpull/envelope/export.h"

namespace sp::edge_gateway::recording {
namespace {

constexpr std::string_view magic = "SPR1";
constexpr std::string_view info_label = "sallyport recording v1";
constexpr std::string_view chain_label = "sallyport recording v1 chain";
constexpr std::string_view chunk_label = "sallyport recording v1 chunk";
constexpr std::string_view next_label = "sallyport recording v1 next";
constexpr std::size_t header_size = 52, head_size = 5, key_size = 32;
constexpr std::size_t most_sealed = 256U << 10U;
// A byte becomes six at the most, so that a line stays well below what a chunk may hold.
constexpr std::size_t most_text = 8U << 10U;

Error failed(std::string_view step) {
  const auto code = errno == ENOSPC || errno == EDQUOT ? Code::too_many : Code::unavailable;
  return Error{code, "recording: " + std::string{step} + " errno:" + std::to_string(errno)};
}

Outcome sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("open folder");
  const bool good = ::fsync(fd) == 0;
  ::close(fd);
  if (!good) return failed("sync folder");
  return {};
}

}  // namespace

std::filesystem::path path_of(const std::filesystem::path& folder,
                              const pushpull::SessionId& session) {
  return folder / (bytes::hex(session) + ".rec");
}

Result<Progress> progress_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return Error{Code::not_found, "recording: no file"};
  Bytes buffer(header_size);
  const auto read = [&](std::size_t offset, std::size_t size) {
    buffer.resize(offset + size);
    in.read(reinterpret_cast<char*>(buffer.data() + offset), static_cast<std::streamsize>(size));
    return static_cast<std::size_t>(in.gcount()) == size;
  };
  if (!read(0, header_size) || bytes::text(buffer).substr(0, magic.size()) != magic)
    return Error{Code::corrupt, "recording: header"};
  Progress progress{0, header_size, openssl::sha256(buffer)};
  while (read(0, head_size)) {
    const auto size = TRY(bytes::Reader{buffer}.u32());
    if (size > most_sealed) return Error{Code::corrupt, "recording: chunk"};
    if (!read(head_size, size)) break;  // written in part when the power went
    progress = {progress.chunks + 1, progress.bytes + buffer.size(),
                openssl::sha256({progress.hash, buffer})};
  }
  return progress;
}

Recording::Recording(int file, Secret key, const Head& head)
    : file_(file), key_(std::move(key)), began_(head.at), latest_(head.at) {}

Recording::~Recording() {
  ::close(file_);
}

Result<std::unique_ptr<Recording>> Recording::begin(const std::filesystem::path& folder,
                                                    const pushpull::SessionId& session,
                                                    const pushpull::StaticPublicKey& recording_key,
                                                    const Head& head, Random& random) {
  const auto info = bytes::Writer{}.raw(info_label).raw(session).take();
  auto made = TRY(pushpull::edge_export(recording_key, {info, chain_label}, random));
  const int file =
      ::open(path_of(folder, session).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return failed("make file");
  std::unique_ptr<Recording> recording{new Recording{file, std::move(made.secret), head}};
  const auto header = bytes::Writer{}.raw(magic).raw(session).raw(made.encapsulated.view()).take();
  TRY(recording->write(header));
  TRY(sync_folder(folder));
  recording->progress_ = {0, header.size(), openssl::sha256(header)};
  recording->pending_ = head_line(head);
  recording->pending_since_ = head.at;
  return recording;
}

Outcome Recording::output(BytesView bytes, Instant at) {
  return add_text(LineKind::output, output_.take(bytes), at);
}
Outcome Recording::input(BytesView bytes, Instant at) {
  return add_text(LineKind::input, input_.take(bytes), at);
}
Outcome Recording::resize(std::uint32_t columns, std::uint32_t rows, Instant at) {
  return add(LineKind::resize, std::to_string(columns) + "x" + std::to_string(rows), at);
}
Outcome Recording::mark(Instant at) {
  return add(LineKind::mark, "", at);
}

std::optional<Instant> Recording::due() const {
  if (broken_ || !pending_since_) return {};
  return *pending_since_ + chunk_after;
}

Outcome Recording::flush() {
  if (pending_.empty() && !broken_) return {};
  return seal(false);
}

Outcome Recording::finish() {
  if (finished_) return {};
  TRY(add_text(LineKind::output, output_.finish(), latest_));
  TRY(add_text(LineKind::input, input_.finish(), latest_));
  TRY(seal(true));
  finished_ = true;
  key_ = {};
  return {};
}

// Cuts between characters alone, so that each line is UTF-8.
Outcome Recording::add_text(LineKind kind, std::string_view text, Instant at) {
  while (!text.empty()) {
    auto size = std::min(text.size(), most_text);
    while (size < text.size() && (static_cast<std::uint8_t>(text[size]) & 0xc0U) == 0x80U) --size;
    TRY(add(kind, text.substr(0, size), at));
    text.remove_prefix(size);
  }
  return {};
}

Outcome Recording::add(LineKind kind, std::string_view text, Instant at) {
  if (broken_ || finished_) return Error{Code::unavailable, "recording: over"};
  latest_ = std::max(latest_, at);
  if (!pending_since_) pending_since_ = latest_;
  pending_ += event_line(latest_ - began_, kind, text);
  if (pending_.size() >= chunk_after_bytes) return seal(false);
  return {};
}

Outcome Recording::write(BytesView bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed("write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  if (::fdatasync(file_) != 0) return failed("sync");
  return {};
}

Outcome Recording::seal(bool last) {
  if (broken_ || finished_) return Error{Code::unavailable, "recording: over"};
  broken_ = true;  // until all of it went well
  const auto chunk_key = TRY(pushpull::edge_expand(key_, chunk_label, key_size));
  key_ = TRY(pushpull::edge_expand(key_, next_label, key_size));  // the one before is wiped
  const auto is_last = std::uint8_t{last};
  const auto aad = bytes::Writer{}.raw(progress_.hash).u8(is_last).take();
  const auto sealed = TRY(pushpull::edge_seal_once(chunk_key, aad, bytes::of(pending_)));
  const auto chunk =
      bytes::Writer{}.u32(static_cast<std::uint32_t>(sealed.size())).u8(is_last).raw(sealed).take();
  TRY(write(chunk));
  progress_ = {progress_.chunks + 1, progress_.bytes + chunk.size(),
               openssl::sha256({progress_.hash, chunk})};
  wipe(pending_);
  pending_.clear();
  pending_since_.reset();
  broken_ = false;
  return {};
}

}  // namespace sp::edge_gateway::recording
