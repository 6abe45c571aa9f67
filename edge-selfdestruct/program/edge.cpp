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

// As the core's page tells it (docs/formats/pushpull.md section 1).
pushpull::CertificateReport reported(std::string listener, tls::Facts facts,
                                     const std::string& renewed_by) {
  if (facts.names.size() > pushpull::most_certificate_names)
    facts.names.resize(pushpull::most_certificate_names);
  pushpull::CertificateReport out;
  out.listener = std::move(listener);
  out.names = std::move(facts.names);
  out.issuer = std::move(facts.issuer);
  out.not_before = facts.not_before;
  out.not_after = facts.not_after;
  out.fingerprint = facts.fingerprint;
  out.pin.bytes = facts.pin;
  out.renewed_by = renewed_by;
  return out;
}

bool reads(const http::Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Where the same thing is under https. Never where the request says: its Host is a stranger's.
std::string secure_place_of(const http::Request& request, std::string_view public_url) {
  while (public_url.ends_with('/')) public_url.remove_suffix(1);
  auto target = request.path + (request.query.empty() ? "" : "?" + request.query);
  if (!std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; })) target = "/";
  return std::string{public_url} + target;
}

// Nothing but an answer for a CA and the way to https.
http::Limits plain_limits(const http::Limits& from) {
  http::Limits out = from;
  out.connections = std::min<std::size_t>(from.connections, 1'000);
  out.body_bytes = 0;
  return out;
}

// The core alone talks to the intake: few connections, large bodies.
http::Limits intake_limits(const http::Limits& from) {
  http::Limits out = from;
  out.connections = std::min<std::size_t>(from.connections, 64);
  out.connections_per_address = out.connections;
  out.body_time = std::chrono::seconds{60};
  return out;
}

// What the core ordered, where there is such a one; else, or when it cannot be read, the
// administrator's.
Result<std::unique_ptr<tls::Served>> open_public_certificate(const Config& config,
                                                             const Clock& clock) {
  tls::ServedOptions options{.chain = config.public_side.certificate,
                             .key = config.public_side.key,
                             .role = tls::Role::public_server,
                             .host = tls::host_of(config.public_url)};
  const pushpull::Versions ordered{config.store.directory};
  if (!ordered.any()) return tls::Served::open(std::move(options), clock);
  auto own = options;
  own.chain = ordered.chain();
  own.key = ordered.key();
  auto served = tls::Served::open(std::move(own), clock);
  if (served) return served;
  log::error("ordered_certificate_unreadable", served.error(),
             {{"serves_instead", options.chain.string()}});
  return tls::Served::open(std::move(options), clock);
}

}  // namespace

Result<std::unique_ptr<Edge>> Edge::start(const Config& config, const Clock& clock,
                                          Random& random) {
  std::unique_ptr<Edge> edge{new Edge{config}};
  TRY(edge->open(clock, random));
  TRY(edge->listen());
  return edge;
}

Outcome Edge::open(const Clock& clock, Random& random) {
  public_certificate_ = TRY(open_public_certificate(config_, clock).within("[public]"));
  intake_certificate_ = TRY(tls::Served::open({.chain = config_.intake.certificate,
                                               .key = config_.intake.key,
                                               .role = tls::Role::link_server,
                                               .host = "",
                                               .same_key = true},
                                              clock)
                                .within("[intake]"));
  store_ = TRY(Store::open(config_.store, clock, random).within("[data] directory"));
  const auto intake_pin = TRY(pushpull::Pin::of(intake_certificate_->facts().pin));
  pushpull::IntakeOptions options{.directory = config_.store.directory,
                                  .name = "",
                                  .version = SALLYPORT_VERSION,
                                  .capabilities = {"selfdestruct"},
                                  .cert_pin = intake_pin,
                                  .certificates = [this] { return certificates(); }};
  const pushpull::Versions ordered{config_.store.directory};
  ordering_ = TRY(pushpull::Ordering::open(
      store_->writer(), store_->items(), clock, config_.store.directory,
      tls::host_of(config_.public_url),
      [this, ordered] { return public_certificate_->follow(ordered.chain(), ordered.key()); }));
  intake_ = TRY(pushpull::Intake::open(store_->writer(), *ordering_, store_->clock(), random,
                                       std::move(options)));
  TRY(store_->start([this] { return intake_->serving(); }, [this] { intake_->committed(); }));
  portal_ = std::make_unique<Portal>(*store_, config_.proxies);
  return {};
}

Outcome Edge::listen() {
  http::Options outside{.listen = config_.public_side.listen,
                        .tls = TRY(public_certificate_->context()),
                        .limits = config_.limits,
                        .proxies = config_.proxies,
                        .proxy_protocol = config_.proxy_protocol,
                        .io_threads = 0,
                        .blocking_threads = 2,
                        .body_limit = Portal::body_limit};
  http::Options inside{.listen = config_.intake.listen,
                       .tls = TRY(intake_certificate_->context()),
                       .limits = intake_limits(config_.limits),
                       .proxies = {},
                       .proxy_protocol = false,
                       .io_threads = 1,
                       .blocking_threads = 1,
                       .body_limit = intake_body_limit};
  intake_server_ = TRY(http::Server::start(std::move(inside),
                                           [this](http::Request request, const http::Reply& reply) {
                                             answer_intake(std::move(request), reply);
                                           }));
  public_ = TRY(http::Server::start(std::move(outside),
                                    [this](http::Request request, const http::Reply& reply) {
                                      answer_public(std::move(request), reply);
                                    }));
  if (config_.plain_http.empty()) return {};
  http::Options unsafe{
      .listen = config_.plain_http,
      .tls = nullptr,
      .limits = plain_limits(config_.limits),
      .proxies = {},
      .proxy_protocol = false,
      .io_threads = 1,
      .blocking_threads = 1,
      .body_limit = [](std::string_view, std::string_view) { return std::size_t{0}; }};
  plain_ = TRY(http::Server::start(std::move(unsafe),
                                   [this](const http::Request& request, const http::Reply& reply) {
                                     answer_plain(request, reply);
                                   }));
  return {};
}

void Edge::answer_public(http::Request request, const http::Reply& reply) {
  const auto answer = reads(request) ? ordering_->answer(request.path) : std::nullopt;
  if (answer) return reply(plain(200, *answer, "application/octet-stream"));
  portal_->handle(std::move(request), reply);
}

void Edge::answer_plain(const http::Request& request, const http::Reply& reply) const {
  if (!reads(request)) return reply(plain(405, "", "text/plain"));
  if (const auto answer = ordering_->answer(request.path))
    return reply(plain(200, *answer, "application/octet-stream"));
  auto away = plain(308, "", "text/plain");
  away.headers.emplace_back("Location", secure_place_of(request, config_.public_url));
  reply(std::move(away));
}

Edge::~Edge() {
  if (intake_) intake_->stop();
  if (intake_server_) intake_server_->stop();
  if (public_) public_->stop();
  if (plain_) plain_->stop();
  if (store_) store_->stop();
}

void Edge::reload() {
  for (auto* certificate : {public_certificate_.get(), intake_certificate_.get()})
    static_cast<void>(certificate->reload());
}

void Edge::look_for_new_certificates() {
  for (auto* certificate : {public_certificate_.get(), intake_certificate_.get()})
    static_cast<void>(certificate->poll());
}

std::vector<pushpull::CertificateReport> Edge::certificates() const {
  return {reported("public", public_certificate_->facts(), config_.renewed_by),
          reported("intake", intake_certificate_->facts(), config_.renewed_by)};
}

void Edge::answer_intake(http::Request request, const http::Reply& reply) {
  if (request.path == pushpull_path && request.method == "POST")
    return intake_->post(bytes::copy(bytes::of(request.body)), octets(reply));
  if (request.path == key_path && reads(request)) return intake_->key(octets(reply));
  if (request.path == "/healthz" && reads(request)) return reply(health());
  if (request.path == "/metrics" && reads(request)) return reply(metrics());
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
  out.public_certificate_ends = public_certificate_->facts().not_after;
  out.intake_certificate_ends = intake_certificate_->facts().not_after;
  return out;
}

http::Response Edge::metrics() const {
  auto figures = measured();
  figures.events_waiting = store_->events_waiting().value_or(0);
  return plain(200, metrics_text(figures), "text/plain; version=0.0.4");
}

}  // namespace sp::edge_selfdestruct
