#pragma once
// Items and events of a gateway, and the credential that a ticket carries: docs/formats/ticket.md.

#include "pushpull/items/items.h"

namespace sp::pushpull {

using SessionId = std::array<std::byte, 16>;

namespace kind {  // of items
inline constexpr std::string_view ticket_put = "ticket.put";
inline constexpr std::string_view ticket_revoke = "ticket.revoke";
inline constexpr std::string_view session_terminate = "session.terminate";
inline constexpr std::string_view session_watched = "session.watched";
inline constexpr std::string_view recording_stored = "recording.stored";
// of events
inline constexpr std::string_view ticket_redeemed = "ticket.redeemed";
inline constexpr std::string_view ticket_refused = "ticket.refused";
inline constexpr std::string_view ticket_expired = "ticket.expired";
inline constexpr std::string_view session_started = "session.started";
inline constexpr std::string_view session_attached = "session.attached";
inline constexpr std::string_view session_host_key = "session.host_key";
inline constexpr std::string_view session_recording = "session.recording";
inline constexpr std::string_view session_file = "session.file";
inline constexpr std::string_view session_ended = "session.ended";
}  // namespace kind

/// What a session may do, one bit each.
namespace right {
inline constexpr std::uint32_t input = 1, paste = 2, copy = 4, upload = 8, download = 16;
inline constexpr std::uint32_t all = 31;
}  // namespace right

inline constexpr Duration longest_ticket_life{600'000};
inline constexpr std::size_t most_host_keys = 32;
inline constexpr std::size_t most_credential = 64U << 10U;

struct TicketPut {
  SessionId session{};
  Hash open{};      ///< SHA-256(open_proof)
  Duration life{};  ///< from the moment it was applied
  std::string protocol, title, user, host;
  std::uint32_t port = 0;
  std::vector<std::string> networks;             ///< CIDR; empty: the gateway's own policy decides
  std::vector<std::string> host_keys, host_cas;  ///< OpenSSH's form
  bool first_use = false;
  std::uint32_t rights = 0;  ///< bits of `right`
  Duration idle{}, total{};
  bool record = false, record_input = false;
  Hash recording_key{};   ///< X25519; zero without a recording
  std::string disk_full;  ///< "end" or "continue"
  Bytes sealed;           ///< the credential
};
struct SessionTerminate {
  std::string by;
};
struct SessionWatched {
  std::string by;  ///< empty: nobody looks on any more
};

struct TicketRedeemed {
  std::string source;
};
struct TicketRefused {
  std::string reason, source;
  std::uint32_t count = 1;
};
struct SessionStarted {
  std::string address, host_key;
};
struct SessionAttached {
  std::string source;
};
struct SessionHostKey {
  std::string host_key, verdict;
};
struct SessionRecording {
  std::uint64_t chunks = 0, bytes = 0;
  Hash hash{};
};
struct SessionFile {
  std::string action, path;
  std::uint64_t size = 0;
  std::optional<Hash> hash;
  std::string outcome;
};
struct SessionEnded {
  std::string reason;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t chunks = 0, bytes = 0;  ///< of the recording
  Hash hash{};
  std::optional<std::uint32_t> exit;
};

/// What stands sealed in a ticket (section 1). Wipe the members after use.
struct Credential {
  std::string login, kind;
  Bytes password, private_key, passphrase, certificate;
};

Bytes encode(const TicketPut& body);
Bytes encode(const SessionTerminate& body);
Bytes encode(const SessionWatched& body);
Bytes encode(const TicketRedeemed& body);
Bytes encode(const TicketRefused& body);
Bytes encode(const SessionStarted& body);
Bytes encode(const SessionAttached& body);
Bytes encode(const SessionHostKey& body);
Bytes encode(const SessionRecording& body);
Bytes encode(const SessionFile& body);
Bytes encode(const SessionEnded& body);
Bytes encode(const Credential& value);

// All fail with `invalid_input` on anything that `encode` would not have written.
Result<TicketPut> decode_ticket_put(BytesView body);
Result<SessionTerminate> decode_session_terminate(BytesView body);
Result<SessionWatched> decode_session_watched(BytesView body);
Result<TicketRedeemed> decode_ticket_redeemed(BytesView body);
Result<TicketRefused> decode_ticket_refused(BytesView body);
Result<SessionStarted> decode_session_started(BytesView body);
Result<SessionAttached> decode_session_attached(BytesView body);
Result<SessionHostKey> decode_session_host_key(BytesView body);
Result<SessionRecording> decode_session_recording(BytesView body);
Result<SessionFile> decode_session_file(BytesView body);
Result<SessionEnded> decode_session_ended(BytesView body);
Result<Credential> decode_credential(BytesView value);

}  // namespace sp::pushpull
