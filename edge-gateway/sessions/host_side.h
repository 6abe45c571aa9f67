#pragma once
// A session's connection to its worker: frames out without blocking, frames in as they come.

#include <poll.h>

#include <functional>

#include "edge-gateway/sessions/launch.h"
#include "edge-gateway/worker/frames.h"

namespace sp::edge_gateway {

class HostSide {
 public:
  explicit HostSide(WorkerProcess process) : process_(std::move(process)) {}

  [[nodiscard]] pollfd wanted() const;
  /// Queued; `write` sends.
  void send(FrameKind kind, BytesView body = {});
  void send_part(FrameKind kind, const Part& part);
  [[nodiscard]] std::size_t unsent() const { return out_.size(); }
  /// As much as goes now. False once the worker is gone.
  bool write();
  /// Gives what is there, some of it. False once the worker is gone. Fails with what it should not
  /// have said.
  Result<bool> read(const std::function<void(const Frame&)>& take);

 private:
  WorkerProcess process_;
  FrameReader reader_;
  Bytes out_;  // may hold a credential: wiped as it goes
};

}  // namespace sp::edge_gateway
