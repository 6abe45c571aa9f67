#include "edge-selfdestruct/program/edge.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "pushpull/envelope/envelope.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::string_view pushpull_path = "/pushpull/v1";
constexpr std::string_view key_path = "/pushpull/v1/key";

http::Response plain(int status, std::string body, std::string type) {
  http::Response out;
  out.status = status;
  out.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}};
  out.body = std::move(body);
  return out;
}

std::size_t intake_body_limit(std::string_view method, std::string_view path) {
  return method == "POST" && path == pushpull_path ? pushpull::most_envelope_size : 0;
}

pushpull::Intake::Reply octets(const http::Reply& reply) {
  return [reply](int status, const Bytes& body) {
    reply(plain(status, std::string{bytes::text(body)}, "application/octet-stream"));
  };
}

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

// The core alone talks to the intake: few connections, large bodies.
http::Limits intake_limits(const http::Limits& from) {
  http::Limits out = from;
  out.connections = std::min<std::size_t>(from.connections, 64);
  out.connections_per_address = out.connections;
  out.body_time = std::chrono::seconds{60};
  return out;
}

}  // namespace

Result<Edge::Loaded> Edge::load(const Listener& listener, bool is_public) {
  const auto identity = TRY(tls::load_identity(listener.certificate, listener.key));
  const auto certificate = TRY(tls::parse_certificate(identity.chain_pem));
  auto context = is_public ? tls::public_server(identity) : tls::link_server(identity);
  Loaded out;
  out.context = TRY(std::move(context));
  out.ends = tls::not_after(*certificate);
  out.pin = TRY(pushpull::Pin::of(tls::spki_pin(*certificate)));
  return out;
}

void Edge::show(Shown& shown, Loaded loaded) {
  shown.ends = loaded.ends;
  shown.pin = loaded.pin;
  if (shown.context)
    shown.context->replace(std::move(loaded.context));
  else
    shown.context = std::make_shared<tls::ReloadableContext>(std::move(loaded.context));
}

Result<std::unique_ptr<Edge>> Edge::start(const Config& config, const Clock& clock,
                                          Random& random) {
  std::unique_ptr<Edge> edge{new Edge{config}};
  TRY(edge->open(clock, random));
  TRY(edge->listen());
  return edge;
}

Outcome Edge::open(const Clock& clock, Random& random) {
  show(public_shown_, TRY(load(config_.public_side, true).within("[public]")));
  show(intake_shown_, TRY(load(config_.intake, false).within("[intake]")));
  store_ = TRY(Store::open(config_.store, clock, random).within("[data] directory"));
  pushpull::IntakeOptions options{.directory = config_.store.directory,
                                  .name = "",
                                  .version = SALLYPORT_VERSION,
                                  .capabilities = {"selfdestruct"},
                                  .cert_pin = intake_shown_.pin,
                                  .cert_not_after = intake_shown_.ends};
  intake_ = TRY(pushpull::Intake::open(store_->writer(), store_->items(), store_->clock(), random,
                                       std::move(options)));
  TRY(store_->start([this] { return intake_->serving(); }, [this] { intake_->committed(); }));
  portal_ = std::make_unique<Portal>(*store_, config_.proxies);
  return {};
}

Outcome Edge::listen() {
  http::Options outside{.listen = config_.public_side.listen,
                        .tls = public_shown_.context,
                        .limits = config_.limits,
                        .io_threads = 0,
                        .blocking_threads = 2,
                        .body_limit = Portal::body_limit};
  http::Options inside{.listen = config_.intake.listen,
                       .tls = intake_shown_.context,
                       .limits = intake_limits(config_.limits),
                       .io_threads = 1,
                       .blocking_threads = 1,
                       .body_limit = intake_body_limit};
  intake_server_ = TRY(http::Server::start(std::move(inside),
                                           [this](http::Request request, const http::Reply& reply) {
                                             answer_intake(std::move(request), reply);
                                           }));
  public_ = TRY(http::Server::start(std::move(outside),
                                    [this](http::Request request, const http::Reply& reply) {
                                      portal_->handle(std::move(request), reply);
                                    }));
  return {};
}

Edge::~Edge() {
  if (intake_) intake_->stop();
  if (intake_server_) intake_server_->stop();
  if (public_) public_->stop();
  if (store_) store_->stop();
}

Outcome Edge::reload() {
  auto outside = TRY(load(config_.public_side, true).within("[public]"));
  auto inside = TRY(load(config_.intake, false).within("[intake]"));
  if (inside.pin != intake_shown_.pin)
    return Error{Code::conflict,
                 "the intake's new certificate has another key than the core knows: renew it with "
                 "its key, or enrol the edge again"};
  show(public_shown_, std::move(outside));
  show(intake_shown_, std::move(inside));
  return {};
}

void Edge::answer_intake(http::Request request, const http::Reply& reply) {
  if (request.path == pushpull_path && request.method == "POST")
    return intake_->post(bytes::copy(bytes::of(request.body)), octets(reply));
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (request.path == key_path && reads) return intake_->key(octets(reply));
  if (request.path == "/healthz" && reads) return reply(health());
  if (request.path == "/metrics" && reads) return reply(metrics());
  reply(plain(404, "", "text/plain"));
}

http::Response Edge::health() const {
  const auto status = intake_->status();
  const bool is_short = store_->figures().short_of_disk;
  const std::string state = is_short              ? "short of disk"
                            : !status.enrolled    ? "not enrolled"
                            : !intake_->serving() ? "waiting for a resync"
                                                  : "ok";
  return plain(is_short ? 503 : 200, "{\"status\":\"" + state + "\"}\n", "application/json");
}

Measured Edge::measured() const {
  Measured out;
  out.store = store_->figures();
  out.public_side = public_ ? public_->counters() : http::Counters{};
  out.intake = intake_server_ ? intake_server_->counters() : http::Counters{};
  out.link = intake_->status();
  const auto path = config_.store.directory + "/edge.sqlite";
  out.database_bytes = size_of(path) + size_of(path + "-wal");
  out.uptime = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_);
  out.public_certificate_ends = public_shown_.ends;
  out.intake_certificate_ends = intake_shown_.ends;
  return out;
}

http::Response Edge::metrics() const {
  auto figures = measured();
  figures.events_waiting = store_->events_waiting().value_or(0);
  return plain(200, metrics_text(figures), "text/plain; version=0.0.4");
}

}  // namespace sp::edge_selfdestruct
