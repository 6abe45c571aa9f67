#pragma once
#include "edge-selfdestruct/store/store.h"
#include "pushpull/host/metrics.h"

namespace sp::edge_selfdestruct {

/// What the portal counts, besides what every edge does.
void add_metrics(pushpull::MetricsText& text, const Figures& store);

}  // namespace sp::edge_selfdestruct
