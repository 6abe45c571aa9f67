#include "pushpull/items/sessions.h"

#include "pushpull/items/codec.h"

namespace sp::pushpull {

using codec::decoded;
using codec::encoded;
using codec::Like;

namespace {
constexpr std::size_t most_networks = 64;
constexpr std::size_t gcm_tag = 16;
}  // namespace

template <class A>
void describe(A& a, Like<TicketPut> auto& v) {
  a.map(20);
  a("session", v.session);
  a("open", v.open);
  a("life_ms", v.life);
  a("protocol", v.protocol);
  a("title", v.title);
  a("user", v.user);
  a("host", v.host);
  a("port", v.port);
  a("networks", v.networks);
  a("host_keys", v.host_keys);
  a("host_cas", v.host_cas);
  a("first_use", v.first_use);
  a("rights", v.rights);
  a("idle_ms", v.idle);
  a("total_ms", v.total);
  a("record", v.record);
  a("record_input", v.record_input);
  a("recording_key", v.recording_key);
  a("disk_full", v.disk_full);
  a("sealed", v.sealed);
}
template <class A>
void describe(A& a, Like<SessionTerminate> auto& v) {
  a.map(1);
  a("by", v.by);
}
template <class A>
void describe(A& a, Like<SessionWatched> auto& v) {
  a.map(1);
  a("by", v.by);
}
template <class A>
void describe(A& a, Like<TicketRedeemed> auto& v) {
  a.map(1);
  a("source", v.source);
}
template <class A>
void describe(A& a, Like<TicketRefused> auto& v) {
  a.map(3);
  a("reason", v.reason);
  a("source", v.source);
  a("count", v.count);
}
template <class A>
void describe(A& a, Like<SessionStarted> auto& v) {
  a.map(2);
  a("address", v.address);
  a("host_key", v.host_key);
}
template <class A>
void describe(A& a, Like<SessionAttached> auto& v) {
  a.map(1);
  a("source", v.source);
}
template <class A>
void describe(A& a, Like<SessionHostKey> auto& v) {
  a.map(2);
  a("host_key", v.host_key);
  a("verdict", v.verdict);
}
template <class A>
void describe(A& a, Like<SessionRecording> auto& v) {
  a.map(3);
  a("chunks", v.chunks);
  a("bytes", v.bytes);
  a("hash", v.hash);
}
template <class A>
void describe(A& a, Like<SessionFile> auto& v) {
  a.map(5);
  a("action", v.action);
  a("path", v.path);
  a("size", v.size);
  a("hash", v.hash);
  a("outcome", v.outcome);
}
template <class A>
void describe(A& a, Like<SessionEnded> auto& v) {
  a.map(7);
  a("reason", v.reason);
  a("bytes_in", v.bytes_in);
  a("bytes_out", v.bytes_out);
  a("chunks", v.chunks);
  a("bytes", v.bytes);
  a("hash", v.hash);
  a("exit", v.exit);
}
template <class A>
void describe(A& a, Like<Credential> auto& v) {
  a.map(6);
  a("login", v.login);
  a("kind", v.kind);
  a("password", v.password);
  a("private_key", v.private_key);
  a("passphrase", v.passphrase);
  a("certificate", v.certificate);
}

Bytes encode(const TicketPut& body) {
  return encoded(body);
}
Bytes encode(const SessionTerminate& body) {
  return encoded(body);
}
Bytes encode(const SessionWatched& body) {
  return encoded(body);
}
Bytes encode(const TicketRedeemed& body) {
  return encoded(body);
}
Bytes encode(const TicketRefused& body) {
  return encoded(body);
}
Bytes encode(const SessionStarted& body) {
  return encoded(body);
}
Bytes encode(const SessionAttached& body) {
  return encoded(body);
}
Bytes encode(const SessionHostKey& body) {
  return encoded(body);
}
Bytes encode(const SessionRecording& body) {
  return encoded(body);
}
Bytes encode(const SessionFile& body) {
  return encoded(body);
}
Bytes encode(const SessionEnded& body) {
  return encoded(body);
}
Bytes encode(const Credential& value) {
  return encoded(value);
}

Result<TicketPut> decode_ticket_put(BytesView body) {
  auto put = TRY(decoded<TicketPut>(body));
  const bool fits = put.life <= longest_ticket_life && put.port >= 1 && put.port <= 65'535 &&
                    put.rights <= right::all && put.host_keys.size() <= most_host_keys &&
                    put.host_cas.size() <= most_host_keys && put.networks.size() <= most_networks &&
                    put.sealed.size() <= most_credential + gcm_tag;
  if (!fits) return Error{Code::invalid_input, "a ticket beyond its limits"};
  return put;
}
Result<SessionTerminate> decode_session_terminate(BytesView body) {
  return decoded<SessionTerminate>(body);
}
Result<SessionWatched> decode_session_watched(BytesView body) {
  return decoded<SessionWatched>(body);
}
Result<TicketRedeemed> decode_ticket_redeemed(BytesView body) {
  return decoded<TicketRedeemed>(body);
}
Result<TicketRefused> decode_ticket_refused(BytesView body) {
  return decoded<TicketRefused>(body);
}
Result<SessionStarted> decode_session_started(BytesView body) {
  return decoded<SessionStarted>(body);
}
Result<SessionAttached> decode_session_attached(BytesView body) {
  return decoded<SessionAttached>(body);
}
Result<SessionHostKey> decode_session_host_key(BytesView body) {
  return decoded<SessionHostKey>(body);
}
Result<SessionRecording> decode_session_recording(BytesView body) {
  return decoded<SessionRecording>(body);
}
Result<SessionFile> decode_session_file(BytesView body) {
  return decoded<SessionFile>(body);
}
Result<SessionEnded> decode_session_ended(BytesView body) {
  return decoded<SessionEnded>(body);
}
Result<Credential> decode_credential(BytesView value) {
  if (value.size() > most_credential) return Error{Code::invalid_input, "credential too large"};
  return decoded<Credential>(value);
}

}  // namespace sp::pushpull
