#pragma once
// The fixture's edge behind a real HTTPS server on loopback.

#include "base/http/server.h"
#include "base/testing/test_identity.h"
#include "base/tls/certificate.h"
#include "base/tls/context.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/link/edge_fixture.h"

namespace sp::pushpull::testing {

inline Pin pin_of(const tls::Identity& identity) {
  return Pin{tls::spki_pin(**tls::parse_certificate(identity.chain_pem))};
}

/// Serves `edge` with `identity`; the port is chosen at start.
class EdgeServer {
 public:
  EdgeServer(Edge& edge, const tls::Identity& identity) {
    http::Options options;
    options.listen = "127.0.0.1:0";
    auto context = tls::link_server(identity);
    REQUIRE(context.has_value());
    options.tls = *std::move(context);
    options.io_threads = 1;
    options.limits.stop_time = std::chrono::milliseconds{500};
    options.body_limit = [](std::string_view, std::string_view) { return most_envelope_size; };
    auto server =
        http::Server::start(std::move(options), [&edge](http::Request request, http::Reply reply) {
          const auto answer = [reply](int status, const Bytes& body) {
            http::Response response;
            response.status = status;
            response.body = std::string{bytes::text(body)};
            reply(std::move(response));
          };
          edge.hand_over(bytes::copy(bytes::of(request.body)), answer);
        });
    REQUIRE(server.has_value());
    server_ = *std::move(server);
  }
  [[nodiscard]] std::string url() const {
    return "https://127.0.0.1:" + std::to_string(server_->port());
  }
  void stop() { server_.reset(); }

 private:
  std::unique_ptr<http::Server> server_;
};

}  // namespace sp::pushpull::testing
