#pragma once
// The server's end of a WebSocket (RFC 6455): what makes a request an opening, what stands on the
// wire, and the connection that is one from then on. No extensions.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/http/message.h"

namespace sp::http {

enum class SocketKind : std::uint8_t { text, binary, ping, pong, close };

struct SocketMessage {
  SocketKind kind = SocketKind::text;
  std::string data;        ///< wipe it (sp::wipe) when it held a secret; of a close: its reason
  std::uint16_t code = 0;  ///< of a close; 0 where the peer gave none
};

/// Takes what a client sends apart. Pure. Refused are, among others: frames without a mask,
/// reserved bits and opcodes, lengths that are not in their shortest form, fragments out of order,
/// control frames that are long or in parts, text that is no UTF-8, close codes that nobody may
/// send.
class SocketReader {
 public:
  enum class State : std::uint8_t { more, message, refused };
  /// `most` bytes may stand in a message.
  explicit SocketReader(std::size_t most) : most_(most) {}
  void allow(std::size_t most) { most_ = most; }

  /// Takes what it can from the front of `input`, up to the end of one message. After `refused`
  /// see `refusal`; nothing more is taken.
  State feed(std::string_view input, std::size_t& taken, SocketMessage& message);
  /// The code to close with (section 7.4.1).
  [[nodiscard]] std::uint16_t refusal() const { return refusal_; }

 private:
  struct Frame {
    unsigned opcode = 0;
    bool last = false;
    std::uint64_t left = 0;
    std::string mask;
    std::size_t masked = 0;  // bytes so far
  };
  State refuse(std::uint16_t code);
  State begin(std::string_view head);
  State check(const Frame& frame);
  State finish(SocketMessage& message);
  State finish_control(SocketMessage& message);
  void take(std::string_view part);

  std::size_t most_;
  std::string head_;
  std::optional<Frame> frame_;
  std::string data_, control_;
  unsigned opcode_ = 0;  // of the message whose fragments come; 0: none
  std::uint16_t refusal_ = 0;
};

/// A frame as a server sends it: whole, without a mask.
void append_frame(std::string& out, SocketKind kind, BytesView data);
void append_close(std::string& out, std::uint16_t code);

/// A connection that became a WebSocket. Safe from every thread; after its end nothing happens.
class Socket {
 public:
  virtual ~Socket() = default;
  /// Queued, and sent in the order of the calls.
  virtual void send(SocketKind kind, BytesView data) = 0;
  /// Bytes that are queued and not yet with the system. Who answers without bound looks at it.
  [[nodiscard]] virtual std::size_t queued() const = 0;
  /// After what is queued. The peer has 2 s to agree.
  virtual void close(std::uint16_t code) = 0;
  /// From now on, messages may have so many bytes, and what is wrong with one is told by its code.
  virtual void allow(std::size_t most_message) = 0;
  /// Reads no more, until `release`. What is read already may still come.
  virtual void hold() = 0;
  virtual void release() = 0;
};

/// What becomes of a WebSocket: the other side of `Socket`. Called on an I/O thread, which it must
/// not block, and never by two at once.
class SocketGuest {
 public:
  virtual ~SocketGuest() = default;
  virtual void opened(std::shared_ptr<Socket> socket) = 0;
  virtual void message(SocketMessage message) = 0;  ///< text or binary
  /// Once, whoever ended it; nothing comes after it.
  virtual void closed() = 0;
};

struct SocketOptions {
  std::size_t most_message = 4096;  ///< until `Socket::allow`
  /// Whatever is wrong until then is closed with this.
  std::uint16_t refusal = 1008;
  std::chrono::milliseconds first_message{5'000};  ///< from the opening on
  std::chrono::milliseconds ping{15'000};
  std::chrono::milliseconds silence{45'000};  ///< without a byte: the peer is lost
};

/// What a Response carries that makes a WebSocket.
struct SocketUpgrade {
  std::shared_ptr<SocketGuest> guest;
  SocketOptions options;
};

/// The answer that makes `request` a WebSocket of the subprotocol `protocol`, or the refusal of
/// what is no opening (section 4.2.1). Says nothing about its Origin.
Response accept_socket(const Request& request, std::string_view protocol,
                       std::shared_ptr<SocketGuest> guest, const SocketOptions& options);

}  // namespace sp::http
