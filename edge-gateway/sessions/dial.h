#pragma once
// The way to a host: its name is resolved once, its addresses are judged, and one is connected to.
// Nothing is sent. For a thread that polls.

#include <poll.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "edge-gateway/sessions/descriptor.h"
#include "edge-gateway/target/target.h"

namespace sp::edge_gateway {

struct DialOrder {
  std::string host;
  std::uint16_t port = 0;
  std::vector<Network> networks{};  ///< of the ticket
  TargetPolicy policy{};
};

class Dial {
 public:
  enum class State : std::uint8_t { going, connected, unreachable, forbidden };

  /// Begins to resolve; an address is judged at once.
  explicit Dial(DialOrder order);
  ~Dial();  ///< waits for the resolver
  Dial(const Dial&) = delete;
  Dial& operator=(const Dial&) = delete;

  /// What to poll for; call `step` then, or when a while passed.
  [[nodiscard]] pollfd wanted() const;
  State step();

  /// Once, when connected.
  Descriptor take() { return std::move(socket_); }
  [[nodiscard]] std::string address() const { return address_.text(); }

 private:
  class Resolver;
  State judge(const std::vector<Address>& resolved);
  State connect_next();
  State connected();

  DialOrder order_;
  std::unique_ptr<Resolver> resolver_;
  std::vector<Address> addresses_;  // still to be tried, the first last
  Address address_;
  Descriptor socket_;
  std::chrono::steady_clock::time_point attempt_ends_;
  State state_ = State::going;
};

/// The addresses of this machine: never dialled, unless the policy names them. Who cannot learn
/// them must not dial.
Result<std::vector<Address>> own_addresses();

}  // namespace sp::edge_gateway
