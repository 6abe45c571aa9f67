#pragma once
// The whole portal in one object, so that a test can start it without a process.

#include <chrono>
#include <memory>

#include "base/http/server.h"
#include "base/tls/served.h"
#include "edge-selfdestruct/portal/portal.h"
#include "edge-selfdestruct/program/config.h"
#include "edge-selfdestruct/program/metrics.h"
#include "pushpull/intake/intake.h"
#include "pushpull/ordering/ordering.h"

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

  /// The certificates of both listeners, each by itself: on a failure its old one stays, and the
  /// log says why.
  void reload();
  /// The same for files that changed; cheap when none did.
  void look_for_new_certificates();
  [[nodiscard]] std::uint16_t public_port() const { return public_->port(); }
  /// 0 without `[public] http`.
  [[nodiscard]] std::uint16_t plain_port() const {
    return plain_ ? plain_->port() : std::uint16_t{0};
  }
  [[nodiscard]] std::uint16_t intake_port() const { return intake_server_->port(); }
  [[nodiscard]] bool enrolled() const { return intake_->status().enrolled; }
  [[nodiscard]] Store& store() { return *store_; }

 private:
  explicit Edge(const Config& config) : config_(config) {}
  Outcome open(const Clock& clock, Random& random);
  Outcome listen();
  void answer_public(http::Request request, const http::Reply& reply);
  void answer_plain(const http::Request& request, const http::Reply& reply) const;
  void answer_intake(http::Request request, const http::Reply& reply);
  [[nodiscard]] std::vector<pushpull::CertificateReport> certificates() const;
  [[nodiscard]] http::Response metrics() const;
  [[nodiscard]] http::Response health() const;
  [[nodiscard]] Measured measured() const;

  Config config_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::unique_ptr<tls::Served> public_certificate_, intake_certificate_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<pushpull::Ordering> ordering_;
  std::unique_ptr<pushpull::Intake> intake_;
  std::unique_ptr<Portal> portal_;
  std::unique_ptr<http::Server> public_, plain_;
  std::unique_ptr<http::Server> intake_server_;
};

}  // namespace sp::edge_selfdestruct
