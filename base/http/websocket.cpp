#include "base/http/websocket.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/bytes/bytes.h"
#include "base/result/ensure.h"
#include "base/secret/secret.h"

namespace sp::http {
namespace {

constexpr unsigned op_continuation = 0x0, op_text = 0x1, op_binary = 0x2, op_close = 0x8,
                   op_ping = 0x9, op_pong = 0xA;
constexpr std::uint16_t protocol_error = 1002, not_utf8 = 1007, too_large = 1009;
constexpr std::size_t most_control = 125;

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_control(unsigned opcode) {
  return opcode >= op_close;
}

/// Bytes of a frame's head, as its first two say: length and mask follow them.
std::size_t size_of_head(std::string_view first_two) {
  const unsigned length = byte_at(first_two, 1) & 0x7FU;
  return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4;
}

std::uint64_t number(std::string_view digits) {
  std::uint64_t out = 0;
  for (const char c : digits) out = (out << 8U) | static_cast<unsigned char>(c);
  return out;
}

// "The minimal number of bytes MUST be used to encode the length" (section 5.2), and its highest
// bit is zero. Nothing where that does not hold.
std::optional<std::uint64_t> length_of(std::string_view head) {
  const unsigned first = byte_at(head, 1) & 0x7FU;
  if (first < 126) return first;
  const auto length = number(head.substr(2, first == 126 ? 2 : 8));
  const std::uint64_t least = first == 126 ? 126 : 65'536;
  if (length < least || length >> 63U != 0) return std::nullopt;
  return length;
}

// Section 7.4: codes that stand on the wire.
bool is_close_code(std::uint64_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

unsigned opcode_of(SocketKind kind) {
  switch (kind) {
    case SocketKind::text:
      return op_text;
    case SocketKind::binary:
      return op_binary;
    case SocketKind::ping:
      return op_ping;
    case SocketKind::pong:
      return op_pong;
    case SocketKind::close:
      break;
  }
  return op_close;
}

bool equals(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Whether a comma-separated list has `token`, in any of the headers of that name.
template <class Equal>
bool lists(const Request& request, std::string_view name, std::string_view token, Equal equal) {
  for (const auto& [key, value] : request.headers) {
    if (!equals(key, name)) continue;
    std::string_view rest = value;
    while (true) {
      const auto comma = rest.find(',');
      if (equal(trimmed(rest.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

// "A base64-encoded value that, when decoded, is 16 bytes in length" (section 4.2.1).
bool is_key(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; };
  return text.size() == 24 && text.ends_with("==") && std::ranges::all_of(text.substr(0, 22), fits);
}

std::string accept_of(std::string_view key) {
  const std::string joined = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ensure(::EVP_Digest(joined.data(), joined.size(), digest.data(), &size, ::EVP_sha1(), nullptr) ==
         1);
  return bytes::base64(std::as_bytes(std::span{digest}.first(size)));
}

Response refusal(int status) {
  Response out;
  out.status = status;
  out.headers = {{"Cache-Control", "no-store"}};
  if (status == 426) out.headers.emplace_back("Sec-WebSocket-Version", "13");
  if (status == 405) out.headers.emplace_back("Allow", "GET");
  return out;
}

}  // namespace

SocketReader::State SocketReader::refuse(std::uint16_t code) {
  refusal_ = code;
  return State::refused;
}

SocketReader::State SocketReader::feed(std::string_view input, std::size_t& taken,
                                       SocketMessage& message) {
  taken = 0;
  if (refusal_ != 0) return State::refused;
  while (true) {
    if (!frame_) {
      const auto wanted = head_.size() < 2 ? 2 : size_of_head(head_);
      const auto part = input.substr(taken, wanted - head_.size());
      head_.append(part);
      taken += part.size();
      if (head_.size() < wanted) return State::more;
      if (wanted == 2) continue;
      if (begin(head_) == State::refused) return State::refused;
      head_.clear();
    }
    const auto most = std::min<std::uint64_t>(frame_->left, input.size() - taken);
    take(input.substr(taken, static_cast<std::size_t>(most)));
    taken += static_cast<std::size_t>(most);
    if (frame_->left > 0) return State::more;
    const auto state = finish(message);
    if (state != State::more) return state;
  }
}

SocketReader::State SocketReader::begin(std::string_view head) {
  const auto length = length_of(head);
  const bool has_mask = (byte_at(head, 1) & 0x80U) != 0;
  const bool has_reserved_bits = (byte_at(head, 0) & 0x70U) != 0;
  if (!length || !has_mask || has_reserved_bits) return refuse(protocol_error);
  const Frame frame{.opcode = byte_at(head, 0) & 0x0FU,
                    .last = (byte_at(head, 0) & 0x80U) != 0,
                    .left = *length,
                    .mask = std::string{head.substr(head.size() - 4)},
                    .masked = 0};
  if (check(frame) == State::refused) return State::refused;
  frame_ = frame;
  return State::more;
}

SocketReader::State SocketReader::check(const Frame& frame) {
  if (is_control(frame.opcode)) {
    const bool is_known = frame.opcode <= op_pong;
    const bool is_whole = frame.last && frame.left <= most_control;
    return is_known && is_whole ? State::more : refuse(protocol_error);
  }
  if (frame.opcode > op_binary) return refuse(protocol_error);
  const bool goes_on = frame.opcode == op_continuation;
  if (goes_on != (opcode_ != 0)) return refuse(protocol_error);
  if (frame.left > most_ || data_.size() > most_ - frame.left) return refuse(too_large);
  if (!goes_on) opcode_ = frame.opcode;
  return State::more;
}

void SocketReader::take(std::string_view part) {
  auto& into = is_control(frame_->opcode) ? control_ : data_;
  into.reserve(into.size() + part.size());
  for (const char c : part)
    into.push_back(static_cast<char>(c ^ frame_->mask[frame_->masked++ % 4]));
  frame_->left -= part.size();
}

SocketReader::State SocketReader::finish(SocketMessage& message) {
  if (is_control(frame_->opcode)) return finish_control(message);
  const bool last = frame_->last;
  frame_.reset();
  if (!last) return State::more;
  message.kind = opcode_ == op_text ? SocketKind::text : SocketKind::binary;
  message.code = 0;
  message.data = std::move(data_);
  data_ = std::string{};
  opcode_ = 0;
  if (message.kind == SocketKind::text && !bytes::is_utf8(message.data)) return refuse(not_utf8);
  return State::message;
}

SocketReader::State SocketReader::finish_control(SocketMessage& message) {
  const auto opcode = frame_->opcode;
  frame_.reset();
  message.data = std::move(control_);
  message.code = 0;
  control_.clear();
  message.kind = opcode == op_ping   ? SocketKind::ping
                 : opcode == op_pong ? SocketKind::pong
                                     : SocketKind::close;
  if (opcode != op_close || message.data.empty()) return State::message;
  if (message.data.size() < 2) return refuse(protocol_error);
  const auto code = number(std::string_view{message.data}.substr(0, 2));
  message.data.erase(0, 2);
  if (!is_close_code(code)) return refuse(protocol_error);
  message.code = static_cast<std::uint16_t>(code);
  return bytes::is_utf8(message.data) ? State::message : refuse(not_utf8);
}

void append_frame(std::string& out, SocketKind kind, BytesView data) {
  bytes::Writer head;
  head.u8(static_cast<std::uint8_t>(0x80U | opcode_of(kind)));
  if (data.size() < 126)
    head.u8(static_cast<std::uint8_t>(data.size()));
  else if (data.size() < 65'536)
    head.u8(126).u16(static_cast<std::uint16_t>(data.size()));
  else
    head.u8(127).u64(data.size());
  out.append(bytes::text(head.view())).append(bytes::text(data));
}

void append_close(std::string& out, std::uint16_t code) {
  bytes::Writer body;
  body.u16(code);
  append_frame(out, SocketKind::close, body.view());
}

Response accept_socket(const Request& request, std::string_view protocol,
                       std::shared_ptr<SocketGuest> guest, const SocketOptions& options) {
  if (request.method != "GET") return refusal(405);
  const auto exactly = [](std::string_view a, std::string_view b) { return a == b; };
  const auto key = request.header("Sec-WebSocket-Key");
  const bool is_opening = lists(request, "Connection", "upgrade", equals) &&
                          lists(request, "Upgrade", "websocket", equals) && key && is_key(*key) &&
                          request.body.empty();
  if (!is_opening) return refusal(400);
  if (request.header("Sec-WebSocket-Version") != "13") return refusal(426);
  if (!lists(request, "Sec-WebSocket-Protocol", protocol, exactly)) return refusal(400);
  Response out;
  out.status = 101;
  out.headers = {{"Upgrade", "websocket"},
                 {"Connection", "Upgrade"},
                 {"Sec-WebSocket-Accept", accept_of(*key)},
                 {"Sec-WebSocket-Protocol", std::string{protocol}}};
  out.socket = std::make_shared<const SocketUpgrade>(SocketUpgrade{std::move(guest), options});
  return out;
}

}  // namespace sp::http
