#include <csignal>
#include <thread>

#include "base/log/log.h"
#include "core/api/server.h"
#include "core/program/commands.h"
#include "core/program/features.h"
#include "core/program/foundation.h"
#include "core/program/routes.h"
#include "core/program/say.h"

namespace sp::core {
namespace {

constexpr std::chrono::minutes sweep_every{5};

// Blocked in every thread, so that `wait` below gets them.
sigset_t block_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// Until a signal comes; sweeps now and then.
void wait(const sigset_t& set, people::People& people) {
  const timespec pause{std::chrono::seconds{sweep_every}.count(), 0};
  while (::sigtimedwait(&set, nullptr, &pause) < 0) {
    if (const auto swept = people.sweep(); !swept) log::error("core.sweep", swept.error());
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
  const auto identity = TRY(tls::load_identity(config.certificate, config.key));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  auto& core = foundation->core();
  api::Router router;
  const auto features = TRY(Features::make(config, core, router));
  add_routes(router, core, *features);
  TRY(note_start(core));
  TRY(features->start());
  const auto server = TRY(api::Server::start(config.server, identity, core, router));
  log::info("core.started", {{"url", config.site_url}, {"port", server->port()}});
  wait(signals, core.people);
  log::info("core.stopping");
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
