#pragma once
// The worker's one loop: frames of the parent on one side, the host on the other.

#include <array>
#include <chrono>

#include "edge-gateway/ssh/channel.h"
#include "edge-gateway/ssh/connection.h"
#include "edge-gateway/ssh/file_channel.h"
#include "edge-gateway/ssh/parent.h"

namespace sp::edge_gateway {

class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Moment = Clock::time_point;

  Loop(int parent, int host) : parent_(parent), host_(host) {}
  /// Returns when the session is over and its parent knows, or when the parent is gone.
  void run();

 private:
  enum class Phase : std::uint8_t { starting, connecting, opening, running, over };

  bool hear();
  void take(const Frame& frame);
  void take_running(const Frame& frame);
  void begin(BytesView body);
  void resize(BytesView body);
  void add_keys(BytesView keys);
  void need(bool understood);

  /// True when something moved, so that there may be more without waiting.
  bool advance(Moment now);
  void connect(Moment now);
  void open(Moment now);
  bool run_terminal(Moment now);
  bool read_terminal();
  std::size_t next_output(std::span<std::byte> into);
  bool write_keys();
  void watch(Moment now);
  void look_for_end(Moment now);

  void enter(Phase phase, Moment until);
  void end(Reason reason, std::optional<std::uint32_t> exit = {});
  void wait(Moment now);

  Parent parent_;
  int host_;
  Phase phase_ = Phase::starting;
  Moment until_ = Moment::max();  // what goes on must be done by then

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Channel> terminal_;  // gone before its connection
  FileChannel files_{parent_};         // the same
  WindowSize size_;
  std::string term_;
  std::uint64_t allowed_ = 0, told_ = 0;  // bytes of output
  std::string banner_;                    // shown before anything else
  Bytes keys_;                            // not yet taken by the host
  std::array<std::byte, 32U << 10U> piece_{};

  Moment next_keep_alive_{}, heard_at_{};
  std::uint64_t heard_ = 0;
};

}  // namespace sp::edge_gateway
