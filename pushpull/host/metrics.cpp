#include "pushpull/host/metrics.h"

#include <unistd.h>

#include <fstream>

namespace sp::pushpull {

void MetricsText::head(std::string_view name, std::string_view help, std::string_view type) {
  const auto full = prefix_ + std::string{name};
  out_ += "# HELP " + full + " " + std::string{help} + "\n# TYPE " + full + " " +
          std::string{type} + "\n";
}

void MetricsText::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
  head(name, help, "gauge");
  out_ += prefix_ + std::string{name} + " " + std::to_string(value) + "\n";
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  head(name, help, "counter");
  out_ += prefix_ + std::string{name} + " " + std::to_string(value) + "\n";
}

void MetricsText::labelled(std::string_view name, std::string_view label, std::uint64_t value) {
  out_ +=
      prefix_ + std::string{name} + "{" + std::string{label} + "} " + std::to_string(value) + "\n";
}

void MetricsText::listener(std::string_view side, const http::Counters& counters) {
  const auto label = "listener=\"" + std::string{side} + "\"";
  labelled("connections_open", label, counters.connections_open);
  labelled("connections_total", label, counters.connections_accepted);
  labelled("connections_refused_total", label, counters.connections_refused);
  labelled("handshakes_failed_total", label, counters.handshakes_failed);
  labelled("requests_total", label, counters.requests);
  labelled("requests_refused_total", label, counters.requests_refused);
  labelled("deadlines_missed_total", label, counters.deadlines_missed);
}

std::uint64_t in_seconds(Instant at) {
  const auto millis = to_millis(at);
  return millis < 0 ? 0 : static_cast<std::uint64_t>(millis / 1000);
}

std::uint64_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace sp::pushpull
