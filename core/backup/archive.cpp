#include "core/backup/archive.h"

#include <algorithm>
#include <array>

namespace sp::backup {
namespace {

constexpr std::array<std::string_view, 7> names{entry::about,       entry::config, entry::root_key,
                                                entry::certificate, entry::key,    entry::sqlite,
                                                entry::postgres};

Bytes head_of(std::string_view name, std::uint64_t size) {
  return bytes::Writer{}.u16(static_cast<std::uint16_t>(name.size())).raw(name).u64(size).take();
}

Result<EntryHead> read_head(SealedReader& from) {
  std::array<std::byte, 2> size{};
  TRY(from.read(size));
  const auto length = TRY(bytes::Reader{size}.u16());
  if (length == 0) return EntryHead{};
  if (length > 64) return Error{Code::corrupt, "the backup names an entry that is too long"};
  EntryHead head;
  head.name.resize(length);
  TRY(from.read(std::as_writable_bytes(std::span{head.name})));
  TRY(check_name(head.name));
  std::array<std::byte, 8> count{};
  TRY(from.read(count));
  head.size = TRY(bytes::Reader{count}.u64());
  return head;
}

Outcome copy_out(SealedReader& from, std::uint64_t size, const std::filesystem::path& path) {
  const File file{std::fopen(path.c_str(), "wbe")};
  if (file == nullptr) return Error{Code::unavailable, "cannot write " + path.string()};
  Secret piece{segment_size};
  while (size > 0) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(size, segment_size));
    const auto view = piece.expose_mutable().first(now);
    TRY(from.read(view));
    if (std::fwrite(view.data(), 1, view.size(), file.get()) != view.size())
      return Error{Code::unavailable, "cannot write " + path.string() + "; is the disk full?"};
    size -= now;
  }
  if (std::fflush(file.get()) != 0)
    return Error{Code::unavailable, "cannot write " + path.string() + "; is the disk full?"};
  return {};
}

}  // namespace

Outcome check_name(std::string_view name) {
  if (std::ranges::find(names, name) == names.end())
    return Error{Code::corrupt, "the backup holds an entry that is not known"};
  return {};
}

Outcome add(SealedWriter& to, std::string_view name, BytesView content) {
  TRY(to.write(head_of(name, content.size())));
  return to.write(content);
}

Outcome add_file(SealedWriter& to, std::string_view name, const std::filesystem::path& path) {
  const File file{std::fopen(path.c_str(), "rbe")};
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  if (file == nullptr || failure) return Error{Code::not_found, "cannot read " + path.string()};
  TRY(to.write(head_of(name, size)));
  Secret piece{segment_size};
  auto left = size;
  while (left > 0) {
    const auto view = piece.expose_mutable().first(
        static_cast<std::size_t>(std::min<std::uint64_t>(left, segment_size)));
    if (std::fread(view.data(), 1, view.size(), file.get()) != view.size())
      return Error{Code::unavailable, path.string() + " became shorter while it was read"};
    TRY(to.write(view));
    left -= view.size();
  }
  return {};
}

Outcome end(SealedWriter& to) {
  return to.write(bytes::Writer{}.u16(0).take());
}

Result<std::vector<std::string>> extract(SealedReader& from, const std::filesystem::path& folder) {
  std::vector<std::string> found;
  while (true) {
    const auto head = TRY(read_head(from));
    if (head.name.empty()) break;
    if (std::ranges::find(found, head.name) != found.end())
      return Error{Code::corrupt, "the backup holds an entry twice"};
    TRY(copy_out(from, head.size, folder / head.name));
    found.push_back(head.name);
  }
  if (!TRY(from.at_end())) return Error{Code::corrupt, "the backup goes on after its end"};
  return found;
}

}  // namespace sp::backup
