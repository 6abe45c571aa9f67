#pragma once
// The whole portal in one object, so that a test can start it without a process.

#include <atomic>
#include <chrono>
#include <memory>

#include "base/http/server.h"
#include "base/tls/context.h"
#include "edge-selfdestruct/portal/portal.h"
#include "edge-selfdestruct/program/config.h"
#include "edge-selfdestruct/program/metrics.h"
#include "pushpull/intake/intake.h"

namespace sp::edge_selfdestruct {

class Edge {
 public:
  /// Opens the store, shreds what has to be shredded, listens on both ports. `clock` and `random`
  /// must outlive it.
  static Result<std::unique_ptr<Edge>> start(const Config& config, const Clock& clock,
                                             Random& random);
  ~Edge();  ///< lets running answers finish, then stops
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  /// Reads the certificates again; on a failure the old ones stay.
  Outcome reload();
  [[nodiscard]] std::uint16_t public_port() const { return public_->port(); }
  [[nodiscard]] std::uint16_t intake_port() const { return intake_server_->port(); }
  [[nodiscard]] bool enrolled() const { return intake_->status().enrolled; }
  [[nodiscard]] Store& store() { return *store_; }

 private:
  struct Shown {  // one listener's certificate
    std::shared_ptr<tls::ReloadableContext> context;
    std::atomic<Instant> ends{};
    pushpull::Pin pin;
  };
  struct Loaded {
    openssl::SslCtx context;
    Instant ends{};
    pushpull::Pin pin;
  };
  explicit Edge(const Config& config) : config_(config) {}
  static Result<Loaded> load(const Listener& listener, bool is_public);
  static void show(Shown& shown, Loaded loaded);
  Outcome open(const Clock& clock, Random& random);
  Outcome listen();
  void answer_intake(http::Request request, const http::Reply& reply);
  [[nodiscard]] http::Response metrics() const;
  [[nodiscard]] http::Response health() const;
  [[nodiscard]] Measured measured() const;

  Config config_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Shown public_shown_, intake_shown_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<pushpull::Intake> intake_;
  std::unique_ptr<Portal> portal_;
  std::unique_ptr<http::Server> public_;
  std::unique_ptr<http::Server> intake_server_;
};

}  // namespace sp::edge_selfdestruct
