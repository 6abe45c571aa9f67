#pragma once
#include <string>

#include "base/http/server.h"
#include "edge-selfdestruct/store/store.h"
#include "pushpull/intake/intake.h"

namespace sp::edge_selfdestruct {

struct Measured {
  Figures store;
  http::Counters public_side, intake;
  pushpull::Intake::Status link;
  std::uint64_t events_waiting = 0;
  std::uint64_t database_bytes = 0;
  Duration uptime{};
  Instant public_certificate_ends{}, intake_certificate_ends{};
};

/// Prometheus text format 0.0.4.
std::string metrics_text(const Measured& measured);
/// Resident memory of this process; 0 when the system does not say.
std::uint64_t resident_bytes();

}  // namespace sp::edge_selfdestruct
