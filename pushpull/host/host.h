#pragma once
// What every edge is besides its own purpose: two listeners with their certificates, the intake,
// the edge's part in a certificate that its core orders, health and metrics.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/http/server.h"
#include "base/tls/served.h"
#include "pushpull/host/config.h"
#include "pushpull/host/metrics.h"
#include "pushpull/intake/intake.h"
#include "pushpull/ordering/identity.h"
#include "pushpull/ordering/ordering.h"

namespace sp::pushpull {

/// What one kind of edge brings along. All of it must outlive the host.
struct Guest {
  std::string kind;  ///< as kits and hello name it: "selfdestruct"
  sqlite::Writer& writer;
  ItemHandler& items;
  const Clock& clock;  ///< of the edge, which never runs back
  Random& random;
  std::function<std::uint64_t()> events_waiting;
  std::function<bool()> short_of_disk;        ///< nothing new is taken
  std::function<void(MetricsText&)> metrics;  ///< of its own
  /// Of the public side: its answers, and how large bodies may be.
  http::Handler handler;
  std::function<std::size_t(std::string_view method, std::string_view path)> body_limit;
};

class Host {
 public:
  /// Opens certificates and intake. The guest's tables must be there; nobody is answered yet.
  static Result<std::unique_ptr<Host>> open(const HostConfig& config, Guest guest,
                                            const Clock& machine);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Listens, and answers from then on.
  Outcome listen();
  /// Lets running answers finish, then ends both listeners. Before the guest goes.
  void stop();

  [[nodiscard]] Intake& intake() { return *intake_; }
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

 private:
  Host(const HostConfig& config, Guest guest) : config_(config), guest_(std::move(guest)) {}
  Outcome open_certificates(const Clock& machine);
  Outcome open_intake(const Clock& machine);
  Outcome listen_inside();
  Outcome listen_outside();
  Outcome listen_plainly();
  void answer_public(http::Request request, const http::Reply& reply);
  void answer_plain(const http::Request& request, const http::Reply& reply) const;
  void answer_intake(http::Request request, const http::Reply& reply);
  [[nodiscard]] std::vector<CertificateReport> certificates() const;
  [[nodiscard]] http::Response metrics() const;
  [[nodiscard]] http::Response health() const;

  HostConfig config_;
  Guest guest_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::unique_ptr<tls::Served> public_certificate_, intake_certificate_;
  std::unique_ptr<Ordering> ordering_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<http::Server> public_, plain_, intake_server_;
};

}  // namespace sp::pushpull
