#include "edge-selfdestruct/store/slots.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes/bytes.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::string_view magic = "SPSLOT01";
constexpr std::size_t slot_size = 32;
constexpr std::int64_t header_size = 4096;
constexpr std::int64_t step = 65'536;       // slots the file grows by
constexpr std::size_t made_ahead = 256;     // keys for one fdatasync
constexpr std::int64_t block_slots = 8192;  // read at once by recover

off_t offset(std::int64_t slot) {
  return header_size + (slot - 1) * static_cast<std::int64_t>(slot_size);
}

Error failure(std::string_view step_name) {
  const int number = errno;
  const Code code = number == EWOULDBLOCK ? Code::conflict : Code::unavailable;
  return Error{code, std::string{step_name} + ": " + ::strerrorname_np(number)};
}

Outcome write_all(int fd, BytesView data, off_t at) {
  while (!data.empty()) {
    const ssize_t wrote = ::pwrite(fd, data.data(), data.size(), at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return failure("write key file");
    data = data.subspan(static_cast<std::size_t>(wrote));
    at += wrote;
  }
  return {};
}

Outcome read_all(int fd, std::span<std::byte> out, off_t at) {
  while (!out.empty()) {
    const ssize_t got = ::pread(fd, out.data(), out.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) return Error{Code::corrupt, "key file: short"};
    if (got < 0) return failure("read key file");
    out = out.subspan(static_cast<std::size_t>(got));
    at += got;
  }
  return {};
}

bool is_empty(BytesView slot) {
  return std::ranges::all_of(slot, [](std::byte byte) { return byte == std::byte{0}; });
}

Outcome check_mode(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) return failure("look at key file");
  if ((about.st_mode & 077U) != 0)
    return Error{Code::forbidden, "the key file may be read by others: chmod 600 it"};
  return {};
}

}  // namespace

Result<std::unique_ptr<SlotFile>> SlotFile::open(const std::string& path, Random& random) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure("open key file");
  std::unique_ptr<SlotFile> file{new SlotFile{fd, random}};
  TRY(check_mode(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return failure("lock key file");
  TRY(file->start());
  return file;
}

SlotFile::~SlotFile() {
  ::close(fd_);
}

Outcome SlotFile::start() {
  const auto size = ::lseek(fd_, 0, SEEK_END);
  if (size <= header_size) {  // new, or cut while it was made: no message can have a key in it
    bytes::Writer header;
    header.raw(magic).raw(Bytes(header_size - magic.size()));
    TRY(write_all(fd_, header.view(), 0));
    return grow();
  }
  std::array<std::byte, magic.size()> header{};
  TRY(read_all(fd_, header, 0));
  bytes::Reader reader{header};
  if (!reader.expect(bytes::of(magic))) return Error{Code::corrupt, "this is no key file"};
  const auto slots = (size - header_size) / static_cast<std::int64_t>(slot_size);
  used_.assign(static_cast<std::size_t>(slots) + 1, false);
  return {};
}

Outcome SlotFile::grow() {
  const auto first = static_cast<std::int64_t>(used_.size());
  TRY(write_all(fd_, Bytes(static_cast<std::size_t>(step) * slot_size), offset(first)));
  TRY(sync());
  used_.resize(used_.size() + static_cast<std::size_t>(step), false);
  return {};
}

Result<std::vector<Slot>> SlotFile::recover(const std::vector<bool>& live) {
  const std::scoped_lock lock{mutex_};
  std::vector<Slot> lost;
  while (used_.size() < live.size()) TRY(grow());  // a key file that is newer than the database
  std::fill(used_.begin(), used_.end(), false);
  std::copy(live.begin(), live.end(), used_.begin());
  const auto slots = static_cast<std::int64_t>(used_.size()) - 1;
  Bytes block(static_cast<std::size_t>(block_slots) * slot_size);
  const auto wiped = std::unique_ptr<Bytes, void (*)(Bytes*)>{&block, [](Bytes* b) { wipe(*b); }};
  for (std::int64_t first = 1; first <= slots; first += block_slots) {
    const auto count = std::min<std::int64_t>(block_slots, slots - first + 1);
    TRY(shred_strays(first, std::span{block}.first(static_cast<std::size_t>(count) * slot_size),
                     lost));
  }
  TRY(sync());
  ready_.clear();
  hint_ = 1;
  return lost;
}

Outcome SlotFile::shred_strays(std::int64_t first, std::span<std::byte> block,
                               std::vector<Slot>& lost) {
  TRY(read_all(fd_, block, offset(first)));
  const std::array<std::byte, slot_size> zeros{};
  for (std::size_t i = 0; i * slot_size < block.size(); ++i) {
    const auto slot = first + static_cast<std::int64_t>(i);
    const bool live = used_[static_cast<std::size_t>(slot)];
    const bool empty = is_empty(block.subspan(i * slot_size, slot_size));
    if (live && empty) lost.push_back(Slot{slot});
    if (!live && !empty) TRY(write_all(fd_, zeros, offset(slot)));
  }
  return {};
}

Result<std::vector<std::int64_t>> SlotFile::free_slots(std::size_t wanted) {
  std::vector<std::int64_t> found;
  const auto slots = static_cast<std::int64_t>(used_.size());
  for (std::int64_t looked = 1; looked < slots && found.size() < wanted; ++looked) {
    if (hint_ >= slots) hint_ = 1;
    if (!used_[static_cast<std::size_t>(hint_)]) found.push_back(hint_);
    ++hint_;
  }
  if (!found.empty()) return found;
  hint_ = slots;
  TRY(grow());
  return free_slots(wanted);
}

Outcome SlotFile::refill() {
  const auto found = TRY(free_slots(made_ahead));
  for (const auto slot : found) {
    const auto key = random_->secret(slot_size);
    TRY(write_all(fd_, key.expose(), offset(slot)));
  }
  TRY(sync());
  for (const auto slot : found) {
    used_[static_cast<std::size_t>(slot)] = true;
    ready_.push_back(Slot{slot});
  }
  std::ranges::reverse(ready_);  // low numbers first: neighbours in the file and in the database
  return {};
}

Result<Slot> SlotFile::allocate() {
  const std::scoped_lock lock{mutex_};
  if (ready_.empty()) TRY(refill());
  const Slot slot = ready_.back();
  ready_.pop_back();
  return slot;
}

Result<Secret> SlotFile::key(Slot slot) const {
  if (number(slot) < 1) return Error{Code::not_found, "no such slot"};
  Secret key{slot_size};
  TRY(read_all(fd_, key.expose_mutable(), offset(number(slot))));
  if (is_empty(key.expose())) return Error{Code::not_found, "the slot is empty"};
  return key;
}

Outcome SlotFile::shred(std::span<const Slot> slots) {
  const std::array<std::byte, slot_size> zeros{};
  for (const Slot slot : slots) TRY(write_all(fd_, zeros, offset(number(slot))));
  return sync();
}

void SlotFile::release(Slot slot) {
  const std::scoped_lock lock{mutex_};
  const auto index = static_cast<std::size_t>(number(slot));
  ensure(index < used_.size());
  used_[index] = false;
}

Outcome SlotFile::sync() {
  if (::fdatasync(fd_) != 0) return failure("sync key file");
  return {};
}

std::int64_t SlotFile::capacity() const {
  const std::scoped_lock lock{mutex_};
  return static_cast<std::int64_t>(used_.size()) - 1;
}

}  // namespace sp::edge_selfdestruct
