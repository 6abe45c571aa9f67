#include "edge-gateway/worker/frames.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/secret/secret.h"
#include "pushpull/items/codec.h"

namespace sp::edge_gateway {

using pushpull::codec::decoded;
using pushpull::codec::encoded;
using pushpull::codec::Like;

namespace {

constexpr std::uint32_t most_columns = 1'000;
constexpr std::size_t most_term = 32;
constexpr std::size_t most_name = 16U << 10U;
constexpr std::size_t most_chunk = 64U << 10U;

constexpr std::array<std::string_view, 8> actions{"list",   "get",    "put",  "taken",
                                                  "rename", "remove", "make", "cancel"};
constexpr std::array<std::string_view, 2> states{"host_key", "login"};
constexpr std::array<std::string_view, 5> verdicts{"known", "first_use", "unknown", "changed",
                                                   "authority"};
constexpr std::array<std::string_view, 5> answers{"entries", "opened", "done", "failed", "more"};
constexpr std::array<std::string_view, 4> entry_kinds{"file", "folder", "link", "other"};
constexpr std::array<std::string_view, 8> codes{"",          "not_found",   "forbidden", "exists",
                                                "too_large", "unavailable", "cancelled", "changed"};
constexpr std::array<std::string_view, 8> reasons{
    "logout", "closed", "hung_up", "host_key", "unreachable", "credential", "protocol", "internal"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}
bool is_size(std::uint32_t columns, std::uint32_t rows) {
  return columns >= 1 && columns <= most_columns && rows >= 1 && rows <= most_columns;
}
bool is_term(std::string_view term) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '+' || c == '-';
  };
  return !term.empty() && term.size() <= most_term && std::ranges::all_of(term, fits);
}
bool is_path(std::string_view path) {
  return path.size() <= most_path && path.find('\0') == std::string_view::npos;
}
bool is_kind(std::uint8_t kind) {
  return (kind >= 1 && kind <= 7) || (kind >= 65 && kind <= 72);
}

template <class T>
Result<T> checked(Result<T> value, bool (*fits)(const T&)) {
  if (value && !fits(*value)) return Error{Code::invalid_input, "a frame beyond its limits"};
  return value;
}

}  // namespace

template <class A>
void describe(A& a, Like<Start> auto& v) {
  a.map(14);
  a("login", v.credential.login);
  a("kind", v.credential.kind);
  a("password", v.credential.password);
  a("private_key", v.credential.private_key);
  a("passphrase", v.credential.passphrase);
  a("certificate", v.credential.certificate);
  a("host", v.host);
  a("port", v.port);
  a("host_keys", v.host_keys);
  a("host_cas", v.host_cas);
  a("first_use", v.first_use);
  a("columns", v.columns);
  a("rows", v.rows);
  a("term", v.term);
}
template <class A>
void describe(A& a, Like<WindowSize> auto& v) {
  a.map(2);
  a("columns", v.columns);
  a("rows", v.rows);
}
template <class A>
void describe(A& a, Like<Allow> auto& v) {
  a.map(1);
  a("sent", v.sent);
}
template <class A>
void describe(A& a, Like<FileRequest> auto& v) {
  a.map(8);
  a("action", v.action);
  a("request", v.request);
  a("path", v.path);
  a("to", v.to);
  a("size", v.size);
  a("offset", v.offset);
  a("seen", v.seen);
  a("replace", v.replace);
}
template <class A>
void describe(A& a, Like<State> auto& v) {
  a.map(1);
  a("state", v.state);
}
template <class A>
void describe(A& a, Like<HostKey> auto& v) {
  a.map(2);
  a("verdict", v.verdict);
  a("key", v.key);
}
template <class A>
void describe(A& a, Like<FileEntry> auto& v) {
  a.map(5);
  a("name", v.name);
  a("kind", v.kind);
  a("size", v.size);
  a("changed_at", v.changed_at);
  a("mode", v.mode);
}
template <class A>
void describe(A& a, Like<FileAnswer> auto& v) {
  a.map(8);
  a("type", v.type);
  a("request", v.request);
  a("entries", v.entries);
  a("done", v.done);
  a("size", v.size);
  a("seen", v.seen);
  a("sha256", v.sha256);
  a("code", v.code);
}
template <class A>
void describe(A& a, Like<Ended> auto& v) {
  a.map(2);
  a("reason", v.reason);
  a("exit", v.exit);
}

Bytes encode(const Start& body) {
  return encoded(body);
}
Bytes encode(const WindowSize& body) {
  return encoded(body);
}
Bytes encode(const Allow& body) {
  return encoded(body);
}
Bytes encode(const FileRequest& body) {
  return encoded(body);
}
Bytes encode(const State& body) {
  return encoded(body);
}
Bytes encode(const HostKey& body) {
  return encoded(body);
}
Bytes encode(const FileAnswer& body) {
  return encoded(body);
}
Bytes encode(const Ended& body) {
  return encoded(body);
}

Result<Start> decode_start(BytesView body) {
  return checked<Start>(decoded<Start>(body), [](const Start& v) {
    return v.port >= 1 && v.port <= 65'535 && v.host_keys.size() <= pushpull::most_host_keys &&
           v.host_cas.size() <= pushpull::most_host_keys && is_size(v.columns, v.rows) &&
           is_term(v.term);
  });
}
Result<WindowSize> decode_window_size(BytesView body) {
  return checked<WindowSize>(decoded<WindowSize>(body),
                             [](const WindowSize& v) { return is_size(v.columns, v.rows); });
}
Result<Allow> decode_allow(BytesView body) {
  return decoded<Allow>(body);
}
Result<FileRequest> decode_file_request(BytesView body) {
  return checked<FileRequest>(decoded<FileRequest>(body), [](const FileRequest& v) {
    return is_one_of(v.action, actions) && is_path(v.path) && is_path(v.to);
  });
}
Result<State> decode_state(BytesView body) {
  return checked<State>(decoded<State>(body),
                        [](const State& v) { return is_one_of(v.state, states); });
}
Result<HostKey> decode_host_key(BytesView body) {
  return checked<HostKey>(decoded<HostKey>(body),
                          [](const HostKey& v) { return is_one_of(v.verdict, verdicts); });
}
Result<FileAnswer> decode_file_answer(BytesView body) {
  return checked<FileAnswer>(decoded<FileAnswer>(body), [](const FileAnswer& v) {
    return is_one_of(v.type, answers) && is_one_of(v.code, codes) &&
           std::ranges::all_of(v.entries, [](const FileEntry& entry) {
             return is_one_of(entry.kind, entry_kinds) && entry.name.size() <= most_name;
           });
  });
}
Result<Ended> decode_ended(BytesView body) {
  return checked<Ended>(decoded<Ended>(body),
                        [](const Ended& v) { return is_one_of(v.reason, reasons); });
}

Result<Part> decode_part(BytesView body) {
  bytes::Reader in{body};
  const auto request = TRY(in.u32());
  return Part{request, in.rest()};
}

namespace {

void append_head(Bytes& out, FrameKind kind, std::size_t body) {
  ensure(body < most_frame);
  bytes::Writer head;
  head.u32(static_cast<std::uint32_t>(body + 1)).u8(static_cast<std::uint8_t>(kind));
  bytes::append(out, head.view());
}

}  // namespace

void append_frame(Bytes& out, FrameKind kind, BytesView body) {
  append_head(out, kind, body.size());
  bytes::append(out, body);
}

void append_part(Bytes& out, FrameKind kind, const Part& part) {
  append_head(out, kind, part.bytes.size() + sizeof part.request);
  bytes::append(out, bytes::Writer{}.u32(part.request).view());
  bytes::append(out, part.bytes);
}

// Never moved, so that no copy of what passed is left behind.
FrameReader::FrameReader() {
  buffer_.reserve(frame_head + most_frame + most_chunk);
}

FrameReader::~FrameReader() {
  wipe(buffer_);
}

void FrameReader::add(BytesView bytes) {
  ensure(bytes.size() <= most_chunk);
  forget();
  bytes::append(buffer_, bytes);
}

void FrameReader::forget() {
  if (used_ == 0) return;
  const auto kept = std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), buffer_.end(),
                              buffer_.begin());
  wipe(std::span{kept, buffer_.end()});
  buffer_.resize(buffer_.size() - used_);
  used_ = wiped_ = 0;
}

Result<std::optional<Frame>> FrameReader::next() {
  wipe(std::span{buffer_}.subspan(wiped_, used_ - wiped_));
  wiped_ = used_;
  bytes::Reader in{BytesView{buffer_}.subspan(used_)};
  if (in.rest().size() < frame_head) return std::optional<Frame>{};
  const auto size = TRY(in.u32());
  if (size == 0 || size > most_frame) return Error{Code::invalid_input, "size of a frame"};
  const auto kind = TRY(in.u8());
  if (!is_kind(kind)) return Error{Code::invalid_input, "kind of a frame"};
  if (in.rest().size() < size - 1) return std::optional<Frame>{};
  used_ += sizeof size + size;
  return std::optional{Frame{static_cast<FrameKind>(kind), in.rest().first(size - 1)}};
}

}  // namespace sp::edge_gateway
