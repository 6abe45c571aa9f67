#pragma once
#include "edge-gateway/ledger/ledger.h"
#include "pushpull/host/metrics.h"

namespace sp::edge_gateway {

/// What the gateway counts, besides what every edge does.
void add_metrics(pushpull::MetricsText& text, const Ledger::Figures& ledger,
                 std::uint64_t refusals);

}  // namespace sp::edge_gateway
