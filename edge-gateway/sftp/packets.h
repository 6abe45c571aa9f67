#pragma once
// The packets of SFTP, version 3 (draft-ietf-secsh-filexfer-02), as a client sends and reads them.
// A packet is `u32 size | u8 type | u32 id | what the type has`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::edge_gateway::sftp {

inline constexpr std::uint32_t our_version = 3;
inline constexpr std::size_t most_packet = 256U << 10U;
inline constexpr std::uint32_t most_data =
    32U << 10U;  ///< of one read or write, which every server takes

/// What is known of a file; a server may leave out each.
struct Attributes {
  std::optional<std::uint64_t> size;
  std::optional<std::uint32_t> mode;        ///< type and permissions, as in stat(2)
  std::optional<std::uint32_t> changed_at;  ///< seconds since 1970
};
bool is_file(const Attributes& attributes);
bool is_folder(const Attributes& attributes);
bool is_link(const Attributes& attributes);

/// Everything but the size and the id, which the client adds.
struct Request {
  std::uint8_t type = 0;
  Bytes body;
};
namespace open_flag {
inline constexpr std::uint32_t read = 1, write = 2, create = 8, exclusive = 0x20;
}  // namespace open_flag

Request open(std::string_view path, std::uint32_t flags, std::optional<std::uint32_t> mode = {});
Request close(BytesView handle);
Request read(BytesView handle, std::uint64_t offset, std::uint32_t size);
Request write(BytesView handle, std::uint64_t offset, BytesView data);
Request stat(std::string_view path);
Request link_stat(std::string_view path);  ///< of a link, not of what it points to
Request handle_stat(BytesView handle);
Request cut(BytesView handle, std::uint64_t size);
Request open_folder(std::string_view path);
Request read_folder(BytesView handle);
Request remove(std::string_view path);
Request make_folder(std::string_view path);
Request remove_folder(std::string_view path);
Request rename(std::string_view path, std::string_view to);
/// OpenSSH's extension `posix-rename@openssh.com`: replaces what is there.
Request rename_over(std::string_view path, std::string_view to);

enum class Status : std::uint32_t {
  ok = 0,
  end_of_file = 1,
  no_such_file = 2,
  permission_denied = 3,
  failure = 4,
};
struct Handle {
  Bytes bytes;
};
struct Data {
  BytesView bytes;  ///< stands until the next packet
};
struct Named {
  std::string name;  ///< whatever bytes the server has
  Attributes attributes;
};
using Reply = std::variant<Status, Handle, Data, std::vector<Named>, Attributes>;
struct Answer {
  std::uint32_t id = 0;
  Reply reply;
};
struct Version {
  std::uint32_t version = 0;
  bool renames_over = false;  ///< it has `posix-rename@openssh.com`
};

/// The first packet, without an id.
Bytes hello();
void append(Bytes& out, std::uint32_t id, const Request& request);

// Of a packet without its size. Fail with `invalid_input`. Statuses that we do not tell apart are
// `failure`.
Result<Version> decode_version(BytesView packet);
Result<Answer> decode_answer(BytesView packet);

/// Takes a stream apart.
class PacketReader {
 public:
  void add(BytesView bytes);
  /// Nothing while none is whole; fails on a size beyond the limit. Stands until the next call.
  Result<std::optional<BytesView>> next();

 private:
  Bytes buffer_;
  std::size_t used_ = 0;
};

}  // namespace sp::edge_gateway::sftp
