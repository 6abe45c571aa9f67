#include "edge-gateway/program/gateway.h"

#include "edge-gateway/program/metrics.h"

namespace sp::edge_gateway {

Result<std::unique_ptr<Gateway>> Gateway::start(const Config& config, const Clock& clock,
                                                Random& random) {
  std::unique_ptr<Gateway> gateway{new Gateway{config}};
  TRY(gateway->open(config, clock, random));
  return gateway;
}

Outcome Gateway::open(const Config& config, const Clock& clock, Random& random) {
  ledger_ =
      TRY(Ledger::open(
              {.directory = config.host.directory, .disk_reserve = config.host.disk_reserve}, clock)
              .within("[data] directory"));
  roster_ = std::make_unique<Roster>(SessionWorld{.ledger = *ledger_,
                                                  .random = random,
                                                  .policy = policy_,
                                                  .worker = {},
                                                  .rules = config.rules},
                                     config.sessions);
  door_ = std::make_unique<Door>(DoorOptions{.origin = origin_of(config.host.public_url),
                                             .proxies = config.host.proxies,
                                             .tries = config.tries},
                                 *ledger_, *roster_, random);
  ledger_->items().tell(
      {.terminate = [this](const auto& session,
                           const auto& by) { roster_->terminate(session, by); },
       .watched = [this](const auto& session, const auto& by) { roster_->watched(session, by); }});
  host_ = TRY(pushpull::Host::open(config.host, guest(random), clock));
  TRY(ledger_->start([this] { host_->intake().committed(); },
                     [this] {
                       roster_->reap();
                       door_->tell_refusals();
                     }));
  door_->open([this] { return host_->intake().serving(); });
  return host_->listen();
}

pushpull::Guest Gateway::guest(Random& random) {
  return {.kind = "gateway",
          .writer = ledger_->writer(),
          .items = ledger_->items(),
          .clock = ledger_->clock(),
          .random = random,
          .events_waiting = [this] { return ledger_->figures().events_waiting; },
          .short_of_disk = [this] { return ledger_->short_of_disk(); },
          .metrics =
              [this](pushpull::MetricsText& text) {
                add_metrics(text, ledger_->figures(), door_->refusals());
              },
          .handler = [this](http::Request request,
                            const http::Reply& reply) { door_->handle(std::move(request), reply); },
          .body_limit = Door::body_limit};
}

// Sessions first, while their pages can still be told; then whoever comes; then what is to be
// written.
Gateway::~Gateway() {
  if (roster_) roster_->stop();
  if (host_) host_->stop();
  if (roster_) roster_->stop();
  if (ledger_) ledger_->stop();
}

}  // namespace sp::edge_gateway
