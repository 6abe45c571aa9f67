#include "edge-gateway/sftp/packets.h"

#include <sys/stat.h>

namespace sp::edge_gateway::sftp {
namespace {

enum Type : std::uint8_t {
  type_init = 1,
  type_version = 2,
  type_open = 3,
  type_close = 4,
  type_read = 5,
  type_write = 6,
  type_lstat = 7,
  type_fstat = 8,
  type_fsetstat = 10,
  type_opendir = 11,
  type_readdir = 12,
  type_remove = 13,
  type_mkdir = 14,
  type_rmdir = 15,
  type_stat = 17,
  type_rename = 18,
  type_status = 101,
  type_handle = 102,
  type_data = 103,
  type_name = 104,
  type_attrs = 105,
  type_extended = 200,
};

// Section 5: which attributes follow.
constexpr std::uint32_t has_size = 1, has_owner = 2, has_mode = 4, has_times = 8,
                        has_extended = 0x8000'0000;
constexpr std::string_view posix_rename = "posix-rename@openssh.com";
constexpr std::size_t most_handle = 256;

class Body {
 public:
  Body& u32(std::uint32_t value) { return out_.u32(value), *this; }
  Body& u64(std::uint64_t value) { return out_.u64(value), *this; }
  Body& text(BytesView value) {
    out_.u32(static_cast<std::uint32_t>(value.size())).raw(value);
    return *this;
  }
  Body& text(std::string_view value) { return text(bytes::of(value)); }
  Request as(Type type) { return {type, out_.take()}; }

 private:
  bytes::Writer out_;
};

Result<BytesView> text_from(bytes::Reader& in) {
  const auto size = TRY(in.u32());
  return in.take(size);
}

bool has_type(const Attributes& attributes, std::uint32_t type) {
  return attributes.mode && (*attributes.mode & std::uint32_t{S_IFMT}) == type;
}

Outcome skip_extended(bytes::Reader& in) {
  const auto count = TRY(in.u32());
  for (std::uint32_t i = 0; i < count; ++i) {
    TRY(text_from(in));
    TRY(text_from(in));
  }
  return {};
}

Result<Attributes> attributes_from(bytes::Reader& in) {
  Attributes out;
  const auto flags = TRY(in.u32());
  if ((flags & has_size) != 0) out.size = TRY(in.u64());
  if ((flags & has_owner) != 0) TRY(in.u64());
  if ((flags & has_mode) != 0) out.mode = TRY(in.u32());
  if ((flags & has_times) != 0) {
    TRY(in.u32());
    out.changed_at = TRY(in.u32());
  }
  if ((flags & has_extended) != 0) TRY(skip_extended(in));
  return out;
}

Result<std::vector<Named>> names_from(bytes::Reader& in) {
  const auto count = TRY(in.u32());
  std::vector<Named> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto name = TRY(text_from(in));
    TRY(text_from(in));  // the line of `ls -l`, for people
    out.push_back({std::string{bytes::text(name)}, TRY(attributes_from(in))});
  }
  return out;
}

Status status_of(std::uint32_t code) {
  return code <= 4 ? static_cast<Status>(code) : Status::failure;
}

Result<Reply> reply_from(std::uint8_t type, bytes::Reader& in) {
  switch (type) {
    case type_status:
      return Reply{status_of(TRY(in.u32()))};
    case type_handle: {
      const auto handle = TRY(text_from(in));
      if (handle.size() > most_handle) return Error{Code::invalid_input, "sftp handle"};
      return Reply{Handle{bytes::copy(handle)}};
    }
    case type_data:
      return Reply{Data{TRY(text_from(in))}};
    case type_name:
      return Reply{TRY(names_from(in))};
    case type_attrs:
      return Reply{TRY(attributes_from(in))};
    default:
      return Error{Code::invalid_input, "type of an sftp packet"};
  }
}

}  // namespace

bool is_file(const Attributes& attributes) {
  return has_type(attributes, S_IFREG);
}
bool is_folder(const Attributes& attributes) {
  return has_type(attributes, S_IFDIR);
}
bool is_link(const Attributes& attributes) {
  return has_type(attributes, S_IFLNK);
}

Request open(std::string_view path, std::uint32_t flags, std::optional<std::uint32_t> mode) {
  Body body;
  body.text(path).u32(flags).u32(mode ? has_mode : 0);
  if (mode) body.u32(*mode);
  return body.as(type_open);
}
Request close(BytesView handle) {
  return Body{}.text(handle).as(type_close);
}
Request read(BytesView handle, std::uint64_t offset, std::uint32_t size) {
  return Body{}.text(handle).u64(offset).u32(size).as(type_read);
}
Request write(BytesView handle, std::uint64_t offset, BytesView data) {
  return Body{}.text(handle).u64(offset).text(data).as(type_write);
}
Request stat(std::string_view path) {
  return Body{}.text(path).as(type_stat);
}
Request link_stat(std::string_view path) {
  return Body{}.text(path).as(type_lstat);
}
Request handle_stat(BytesView handle) {
  return Body{}.text(handle).as(type_fstat);
}
Request cut(BytesView handle, std::uint64_t size) {
  return Body{}.text(handle).u32(has_size).u64(size).as(type_fsetstat);
}
Request open_folder(std::string_view path) {
  return Body{}.text(path).as(type_opendir);
}
Request read_folder(BytesView handle) {
  return Body{}.text(handle).as(type_readdir);
}
Request remove(std::string_view path) {
  return Body{}.text(path).as(type_remove);
}
Request make_folder(std::string_view path) {
  return Body{}.text(path).u32(0).as(type_mkdir);
}
Request remove_folder(std::string_view path) {
  return Body{}.text(path).as(type_rmdir);
}
Request rename(std::string_view path, std::string_view to) {
  return Body{}.text(path).text(to).as(type_rename);
}
Request rename_over(std::string_view path, std::string_view to) {
  return Body{}.text(posix_rename).text(path).text(to).as(type_extended);
}

Bytes hello() {
  return bytes::Writer{}.u32(5).u8(type_init).u32(our_version).take();
}

void append(Bytes& out, std::uint32_t id, const Request& request) {
  const auto size = static_cast<std::uint32_t>(request.body.size() + 5);
  bytes::append(out, bytes::Writer{}.u32(size).u8(request.type).u32(id).view());
  bytes::append(out, request.body);
}

Result<Version> decode_version(BytesView packet) {
  bytes::Reader in{packet};
  if (TRY(in.u8()) != type_version) return Error{Code::invalid_input, "sftp version"};
  Version out{TRY(in.u32()), false};
  while (!in.rest().empty()) {
    const auto extension = bytes::text(TRY(text_from(in)));
    const auto its_version = bytes::text(TRY(text_from(in)));
    out.renames_over |= extension == posix_rename && its_version == "1";
  }
  return out;
}

Result<Answer> decode_answer(BytesView packet) {
  bytes::Reader in{packet};
  const auto type = TRY(in.u8());
  const auto id = TRY(in.u32());
  return Answer{id, TRY(reply_from(type, in))};
}

void PacketReader::add(BytesView bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  bytes::append(buffer_, bytes);
}

Result<std::optional<BytesView>> PacketReader::next() {
  bytes::Reader in{BytesView{buffer_}.subspan(used_)};
  if (in.rest().size() < sizeof(std::uint32_t)) return std::optional<BytesView>{};
  const auto size = TRY(in.u32());
  if (size == 0 || size > most_packet) return Error{Code::invalid_input, "size of an sftp packet"};
  if (in.rest().size() < size) return std::optional<BytesView>{};
  used_ += sizeof size + size;
  return std::optional{in.rest().first(size)};
}

}  // namespace sp::edge_gateway::sftp
