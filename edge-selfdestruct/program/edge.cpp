#include "edge-selfdestruct/program/edge.h"

#include "edge-selfdestruct/program/metrics.h"

namespace sp::edge_selfdestruct {

Result<std::unique_ptr<Edge>> Edge::start(const Config& config, const Clock& clock,
                                          Random& random) {
  std::unique_ptr<Edge> edge{new Edge};
  TRY(edge->open(config, clock, random));
  return edge;
}

Outcome Edge::open(const Config& config, const Clock& clock, Random& random) {
  store_ = TRY(Store::open(config.store, clock, random).within("[data] directory"));
  portal_ = std::make_unique<Portal>(*store_, config.host.proxies);
  host_ = TRY(pushpull::Host::open(config.host, guest(random), clock));
  TRY(store_->start([this] { return host_->intake().serving(); },
                    [this] { host_->intake().committed(); }));
  return host_->listen();
}

pushpull::Guest Edge::guest(Random& random) {
  return {
      .kind = "selfdestruct",
      .writer = store_->writer(),
      .items = store_->items(),
      .clock = store_->clock(),
      .random = random,
      .events_waiting = [this] { return store_->events_waiting().value_or(0); },
      .short_of_disk = [this] { return store_->figures().short_of_disk; },
      .metrics = [this](pushpull::MetricsText& text) { add_metrics(text, store_->figures()); },
      .handler = [this](http::Request request,
                        const http::Reply& reply) { portal_->handle(std::move(request), reply); },
      .body_limit = Portal::body_limit};
}

Edge::~Edge() {
  if (host_) host_->stop();
  if (store_) store_->stop();
}

}  // namespace sp::edge_selfdestruct
