#include "edge-gateway/program/metrics.h"

namespace sp::edge_gateway {

void add_metrics(pushpull::MetricsText& text, const Ledger::Figures& ledger,
                 std::uint64_t refusals) {
  text.gauge("tickets_waiting", "Tickets that can still be used.", ledger.waiting);
  text.gauge("sessions_running", "Sessions that run.", ledger.running);
  text.counter("refusals_total", "Tries to open a session that were refused.", refusals);
}

}  // namespace sp::edge_gateway
