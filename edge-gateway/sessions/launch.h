#pragma once
// One session's process, which alone speaks with the host (edge-gateway/worker).

#include <sys/types.h>

#include <string>

#include "base/result/result.h"
#include "edge-gateway/sessions/descriptor.h"

namespace sp::edge_gateway {

/// The program and its first argument that a worker is.
struct WorkerProgram {
  std::string path = "/proc/self/exe";
  std::string command = "worker";
};

class WorkerProcess {
 public:
  /// Starts it with `target`, the connected socket, as its descriptor 4, and with nothing else of
  /// ours but the log.
  static Result<WorkerProcess> start(const WorkerProgram& program, const Descriptor& target);
  WorkerProcess(WorkerProcess&& other) noexcept
      : socket_(std::move(other.socket_)), pid_(std::exchange(other.pid_, -1)) {}
  WorkerProcess& operator=(WorkerProcess&&) = delete;
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  ~WorkerProcess();  ///< ends it: it has a moment to say goodbye to the host

  /// Our end of its socket; does not block.
  [[nodiscard]] int fd() const { return socket_.fd(); }

 private:
  WorkerProcess(Descriptor socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}
  Descriptor socket_;
  pid_t pid_;
};

}  // namespace sp::edge_gateway
