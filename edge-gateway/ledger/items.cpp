#include "edge-gateway/ledger/items.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/log/log.h"
#include "edge-gateway/tickets/tickets.h"

namespace sp::edge_gateway {
namespace {

namespace kind = pushpull::kind;

constexpr std::uint64_t most_blob = 4U << 20U;

Error refused(const char* what, Code code = Code::invalid_input) {
  return Error{code, what};
}

template <std::size_t N>
Result<std::array<std::byte, N>> id_of(const Bytes& id) {
  bytes::Reader reader{id};
  const auto out = TRY(reader.array<N>());
  TRY(reader.end());
  return out;
}

/// A file that is read and closed.
class ReadFile {
 public:
  explicit ReadFile(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;
  ~ReadFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  Result<Bytes> range(std::uint64_t offset, std::size_t length) const {
    Bytes out(length);
    std::size_t have = 0;
    while (have < length) {
      const auto got =
          ::pread(fd_, out.data() + have, length - have, static_cast<::off_t>(offset + have));
      if (got <= 0) return Error{Code::unavailable, "cannot read a recording"};
      have += static_cast<std::size_t>(got);
    }
    return out;
  }

 private:
  int fd_;
};

Result<bool> is_listed(sqlite::Database& db, const pushpull::Hash& ticket) {
  auto row = TRY(db.query("SELECT 1 FROM pushpull_live WHERE id = ?1", ticket));
  return TRY(row.step());
}

}  // namespace

Outcome Items::apply(sqlite::Database& db, const pushpull::Item& item) {
  if (item.kind == kind::ticket_put || item.kind == kind::ticket_revoke)
    return apply_ticket(db, item);
  if (item.kind == kind::session_terminate || item.kind == kind::session_watched ||
      item.kind == kind::recording_stored)
    return apply_session(db, item);
  return refused("unknown kind of item");
}

// A refused ticket is passed: what ends a session must not wait behind it.
Outcome Items::apply_ticket(sqlite::Database& db, const pushpull::Item& item) const {
  const auto id = TRY(id_of<32>(item.id));
  if (item.kind == kind::ticket_put) {
    if (short_of_disk_) return refused("short of disk", Code::too_many);
    return put(db, id, item.body, clock_->now());
  }
  TRY(pushpull::decode_empty(item.body));
  return revoke(db, id);
}

Outcome Items::apply_session(sqlite::Database& db, const pushpull::Item& item) const {
  const auto session = TRY(id_of<16>(item.id));
  if (item.kind == kind::session_terminate) {
    wishes_.terminate(session, TRY(pushpull::decode_session_terminate(item.body)).by);
    return {};
  }
  if (item.kind == kind::session_watched) {
    wishes_.watched(session, TRY(pushpull::decode_session_watched(item.body)).by);
    return {};
  }
  TRY(pushpull::decode_empty(item.body));
  return drop_recording(db, session);
}

// The row is gone once the transaction is durable. A crash before that has the core say it again.
Outcome Items::drop_recording(sqlite::Database& db, const pushpull::SessionId& session) const {
  if (!TRY(forget_recording(db, session))) return {};
  std::error_code failed;
  std::filesystem::remove(recording::path_of(recordings_, session), failed);
  if (failed) return Error{Code::unavailable, "cannot remove a recording"};
  return {};
}

// A session that the core does not know ends; one that it knows is neither a waiting ticket nor
// lost.
Result<std::vector<pushpull::Hash>> Items::resync(sqlite::Database& db) {
  auto lost = TRY(resync_tickets(db));
  for (const auto& row : TRY(running_sessions(db))) {
    if (!TRY(is_listed(db, row.ticket)))
      wishes_.terminate(row.session, "");
    else
      std::erase(lost, row.ticket);
  }
  return lost;
}

Result<std::uint64_t> Items::holds(sqlite::Database& db) {
  const auto waiting = TRY(tickets_waiting(db));
  return waiting + TRY(count_running(db));
}

Result<pushpull::BlobResponse> Items::blob(sqlite::Database& db,
                                           const pushpull::BlobRequest& request) {
  const auto session = id_of<16>(request.id);
  if (!session) return pushpull::BlobResponse{};
  const auto total = TRY(recorded_bytes(db, *session)).value_or(0);
  if (request.offset >= total) return pushpull::BlobResponse{total, {}};
  const auto length = std::min({request.length, most_blob, total - request.offset});
  const ReadFile file{recording::path_of(recordings_, *session)};
  pushpull::BlobResponse out{total, {}};
  out.data = TRY(file.range(request.offset, static_cast<std::size_t>(length)));
  return out;
}

}  // namespace sp::edge_gateway
