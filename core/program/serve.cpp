#include <csignal>
#include <thread>

#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "base/tls/served.h"
#include "core/api/server.h"
#include "core/program/commands.h"
#include "core/program/features.h"
#include "core/program/foundation.h"
#include "core/program/metrics.h"
#include "core/program/routes.h"
#include "core/program/say.h"

namespace sp::core {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::minutes sweep_every{5};

// Blocked in every thread, so that `wait` below gets them.
sigset_t block_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, number);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// In the trail too: who looks later why the site showed what it showed finds it there.
void note_reload(api::Core& core, const tls::Served& served, const Outcome& outcome) {
  const auto shows = served.facts();
  audit::Entry entry{.event = outcome ? audit::Event::certificate_replaced
                                      : audit::Event::certificate_refused};
  entry.ending = outcome ? audit::Ending::success : audit::Ending::refused;
  entry.actor = audit::the_system();
  entry.object = {"certificate", bytes::hex(shows.fingerprint), shows.subject};
  entry.details = {{audit::Detail::expires_at, rfc3339(shows.not_after)}};
  if (!outcome) entry.details.emplace_back(audit::Detail::reason, outcome.error().detail());
  const auto noted = core.audit.append(core.store, entry);
  if (!noted) log::error("audit", noted.error());
}

// Until a signal ends it. SIGHUP reads the certificate at once; a changed file is found within
// `poll`; now and then what has ended is swept.
void wait(const sigset_t& set, std::chrono::seconds poll, api::Core& core, tls::Served& served) {
  const timespec pause{poll.count(), 0};
  auto next_sweep = Steady::now() + sweep_every;
  while (true) {
    const int number = ::sigtimedwait(&set, nullptr, &pause);
    if (number > 0 && number != SIGHUP) return;
    const auto outcome = number == SIGHUP ? std::optional{served.reload()} : served.poll();
    if (outcome) note_reload(core, served, *outcome);
    if (Steady::now() < next_sweep) continue;
    next_sweep = Steady::now() + sweep_every;
    if (const auto swept = core.people.sweep(); !swept) log::error("core.sweep", swept.error());
  }
}

Outcome note_start(api::Core& core) {
  audit::Entry entry{.event = audit::Event::core_started};
  entry.actor = audit::the_system();
  entry.details = {{audit::Detail::version, SALLYPORT_VERSION}};
  return core.audit.append(core.store, entry);
}

Outcome run(const Config& config, const sigset_t& signals) {
  OsRandom random;
  SystemClock clock;
  const auto served = TRY(tls::Served::open({.chain = config.certificate,
                                             .key = config.key,
                                             .role = tls::Role::public_server,
                                             .host = tls::host_of(config.site_url)},
                                            clock)
                              .within("[site]"));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  auto& core = foundation->core();
  api::Router router;
  const auto features = TRY(Features::make(config, core, router, served->shown()));
  add_routes(router, core, *features);
  TRY(note_start(core));
  TRY(features->start());
  const auto server = TRY(api::Server::start(config.server, served->shown(), core, router));
  std::unique_ptr<http::Server> metrics;
  if (config.metrics_listen)
    metrics = TRY(serve_metrics(*config.metrics_listen, core).within("[metrics]"));
  log::info("core.started", {{"url", config.site_url}, {"port", server->port()}});
  wait(signals, config.certificate_poll, core, *served);
  log::info("core.stopping");
  if (metrics) metrics->stop();
  features->end_long_answers();
  server->stop();
  features->stop();
  log::info("core.stopped");
  return {};
}

}  // namespace

int serve(const std::filesystem::path& path) {
  const auto signals = block_signals();
  guard_process();
  const auto config = read_config(path);
  if (!config) return fail(config.error());
  log::start("sallyport-core", config->log_level);
  const auto outcome = run(*config, signals);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace sp::core
