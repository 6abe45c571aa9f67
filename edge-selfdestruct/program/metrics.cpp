#include "edge-selfdestruct/program/metrics.h"

#include <algorithm>

namespace sp::edge_selfdestruct {

void add_metrics(pushpull::MetricsText& text, const Figures& store) {
  text.gauge("messages_live", "Messages that can still be revealed.", store.live);
  text.counter("views_total", "Views claimed.", store.views);
  text.counter("repeats_total", "Views fetched again within their grace.", store.repeats);
  text.counter("destroyed_total", "Messages that their recipient destroyed.", store.destroyed);
  text.counter("shredded_total", "Key slots overwritten.", store.shredded);
  text.head("refusals_total", "Calls refused, by code.", "counter");
  text.labelled("refusals_total", "code=\"not_found\"", store.not_found);
  text.labelled("refusals_total", "code=\"forbidden\"", store.wrong_passphrase);
  text.labelled("refusals_total", "code=\"too_many\"", store.limited);
  text.labelled("refusals_total", "code=\"unavailable\"", store.unavailable);
  text.gauge("clock_behind_milliseconds", "How far the machine's clock ran back.",
             static_cast<std::uint64_t>(std::max(store.clock_behind, Duration{0}).count()));
}

}  // namespace sp::edge_selfdestruct
