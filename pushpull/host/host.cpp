#include "pushpull/host/host.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/host/answers.h"

namespace sp::pushpull {
namespace {

constexpr std::string_view pushpull_path = "/pushpull/v1";
constexpr std::string_view key_path = "/pushpull/v1/key";

std::size_t intake_body_limit(std::string_view method, std::string_view path) {
  return method == "POST" && path == pushpull_path ? most_envelope_size : 0;
}

Intake::Reply octets(const http::Reply& reply) {
  return [reply](int status, const Bytes& body) {
    reply(plain_answer(status, std::string{bytes::text(body)}, "application/octet-stream"));
  };
}

std::uint64_t size_of(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

// As the core's page tells it (docs/formats/pushpull.md section 1).
CertificateReport reported(std::string listener, tls::Facts facts, const std::string& renewed_by) {
  if (facts.names.size() > most_certificate_names) facts.names.resize(most_certificate_names);
  CertificateReport out;
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

// What came over the link, where there is such a one; else, or when it cannot be read, the
// administrator's.
Result<std::unique_ptr<tls::Served>> open_certificate(const tls::ServedOptions& given,
                                                      const Versions& from_core,
                                                      const Clock& clock) {
  if (!from_core.any()) return tls::Served::open(given, clock);
  auto own = given;
  own.chain = from_core.chain();
  own.key = from_core.key();
  own.same_key = false;
  auto served = tls::Served::open(std::move(own), clock);
  if (served) return served;
  log::error("ordered_certificate_unreadable", served.error(),
             {{"serves_instead", given.chain.string()}});
  return tls::Served::open(given, clock);
}

}  // namespace

Result<std::unique_ptr<Host>> Host::open(const HostConfig& config, Guest guest,
                                         const Clock& machine) {
  std::unique_ptr<Host> host{new Host{config, std::move(guest)}};
  TRY(host->open_certificates(machine));
  TRY(host->open_intake(machine));
  return host;
}

Outcome Host::open_certificates(const Clock& machine) {
  const tls::ServedOptions outside{.chain = config_.public_side.certificate,
                                   .key = config_.public_side.key,
                                   .role = tls::Role::public_server,
                                   .host = tls::host_of(config_.public_url)};
  const tls::ServedOptions inside{.chain = config_.intake.certificate,
                                  .key = config_.intake.key,
                                  .role = tls::Role::link_server,
                                  .host = "",
                                  .same_key = true};
  public_certificate_ =
      TRY(open_certificate(outside, Versions{config_.directory}, machine).within("[public]"));
  intake_certificate_ =
      TRY(open_certificate(inside, Identity::versions_of(config_.directory), machine)
              .within("[intake]"));
  return {};
}

Outcome Host::open_intake(const Clock& machine) {
  const Versions ordered{config_.directory};
  const auto own = Identity::versions_of(config_.directory);
  ordering_ = TRY(Ordering::open(
      guest_.writer, guest_.items, machine, config_.directory, tls::host_of(config_.public_url),
      [this, ordered] { return public_certificate_->follow(ordered.chain(), ordered.key()); }));
  identity_ = std::make_unique<Identity>(*ordering_, machine, config_.directory, [this, own] {
    return intake_certificate_->follow(own.chain(), own.key());
  });
  IntakeOptions options{.directory = config_.directory,
                        .name = "",
                        .version = SALLYPORT_VERSION,
                        .capabilities = {guest_.kind},
                        .cert_pin = [this] { return Pin{intake_certificate_->facts().pin}; },
                        .certificates = [this] { return certificates(); }};
  intake_ =
      TRY(Intake::open(guest_.writer, *identity_, guest_.clock, guest_.random, std::move(options)));
  return {};
}

Outcome Host::listen() {
  TRY(listen_inside());
  TRY(listen_outside());
  return config_.plain_http.empty() ? Outcome{} : listen_plainly();
}

Outcome Host::listen_inside() {
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
  return {};
}

Outcome Host::listen_outside() {
  http::Options outside{.listen = config_.public_side.listen,
                        .tls = TRY(public_certificate_->context()),
                        .limits = config_.limits,
                        .proxies = config_.proxies,
                        .proxy_protocol = config_.proxy_protocol,
                        .io_threads = 0,
                        .blocking_threads = 2,
                        .body_limit = guest_.body_limit};
  public_ = TRY(http::Server::start(std::move(outside),
                                    [this](http::Request request, const http::Reply& reply) {
                                      answer_public(std::move(request), reply);
                                    }));
  return {};
}

Outcome Host::listen_plainly() {
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

void Host::stop() {
  if (intake_) intake_->stop();
  for (auto* server : {intake_server_.get(), public_.get(), plain_.get()})
    if (server != nullptr) server->stop();
}

Host::~Host() {
  stop();
}

void Host::reload() {
  for (auto* certificate : {public_certificate_.get(), intake_certificate_.get()})
    static_cast<void>(certificate->reload());
}

void Host::look_for_new_certificates() {
  for (auto* certificate : {public_certificate_.get(), intake_certificate_.get()})
    static_cast<void>(certificate->poll());
}

std::vector<CertificateReport> Host::certificates() const {
  return {
      reported("public", public_certificate_->facts(), config_.renewed_by),
      reported("intake", intake_certificate_->facts(),
               Identity::versions_of(config_.directory).any() ? "Sallyport" : config_.renewed_by)};
}

void Host::answer_public(http::Request request, const http::Reply& reply) {
  const auto answer = request.only_reads() ? ordering_->answer(request.path) : std::nullopt;
  if (answer) return reply(plain_answer(200, *answer, "application/octet-stream"));
  guest_.handler(std::move(request), reply);
}

void Host::answer_plain(const http::Request& request, const http::Reply& reply) const {
  if (!request.only_reads()) return reply(plain_answer(405, "", "text/plain"));
  if (const auto answer = ordering_->answer(request.path))
    return reply(plain_answer(200, *answer, "application/octet-stream"));
  auto away = plain_answer(308, "", "text/plain");
  away.headers.emplace_back("Location", secure_place_of(request, config_.public_url));
  reply(std::move(away));
}

void Host::answer_intake(http::Request request, const http::Reply& reply) {
  if (request.path == pushpull_path && request.method == "POST")
    return intake_->post(bytes::copy(bytes::of(request.body)), octets(reply));
  if (request.path == key_path && request.only_reads()) return intake_->key(octets(reply));
  if (request.path == "/healthz" && request.only_reads()) return reply(health());
  if (request.path == "/metrics" && request.only_reads()) return reply(metrics());
  reply(plain_answer(404, "", "text/plain"));
}

http::Response Host::health() const {
  const auto status = intake_->status();
  const bool is_short = guest_.short_of_disk();
  const std::string state = is_short              ? "short of disk"
                            : !status.enrolled    ? "not enrolled"
                            : !intake_->serving() ? "waiting for a resync"
                                                  : "ok";
  return plain_answer(is_short ? 503 : 200, "{\"status\":\"" + state + "\"}\n", "application/json");
}

http::Response Host::metrics() const {
  MetricsText text{"sallyport_" + guest_.kind + "_"};
  guest_.metrics(text);
  const auto link = intake_->status();
  const auto uptime = std::chrono::steady_clock::now() - started_;
  text.gauge("events_waiting", "Events that the core has not fetched yet.",
             guest_.events_waiting());
  text.gauge("items_applied", "The highest item number applied.", link.applied);
  text.gauge("enrolled", "1 when the edge is enrolled.", link.enrolled ? 1 : 0);
  text.gauge("serving", "0 while nothing is shown until a resync.", link.serving ? 1 : 0);
  text.gauge("last_contact_seconds", "When the core was last heard, Unix time.",
             in_seconds(link.last_contact));
  text.gauge("short_of_disk", "1 while nothing new is taken.", guest_.short_of_disk() ? 1 : 0);
  text.gauge("database_bytes", "Size of the database and its log.",
             size_of(database_of(config_)) + size_of(database_of(config_).string() + "-wal"));
  text.gauge("resident_memory_bytes", "Resident memory.", resident_bytes());
  text.gauge(
      "uptime_seconds", "Since the start.",
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(uptime).count()));
  text.gauge("public_certificate_ends_seconds", "Unix time.",
             in_seconds(public_certificate_->facts().not_after));
  text.gauge("intake_certificate_ends_seconds", "Unix time.",
             in_seconds(intake_certificate_->facts().not_after));
  if (public_) text.listener("public", public_->counters());
  if (intake_server_) text.listener("intake", intake_server_->counters());
  return plain_answer(200, text.take(), "text/plain; version=0.0.4");
}

}  // namespace sp::pushpull
