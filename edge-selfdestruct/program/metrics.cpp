#include "edge-selfdestruct/program/metrics.h"

#include <unistd.h>

#include <fstream>

namespace sp::edge_selfdestruct {
namespace {

class Text {
 public:
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    entry(name, help, "gauge", value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    entry(name, help, "counter", value);
  }
  void labelled(std::string_view name, std::string_view label, std::uint64_t value) {
    out_ +=
        prefix + std::string{name} + "{" + std::string{label} + "} " + std::to_string(value) + "\n";
  }
  void head(std::string_view name, std::string_view help, std::string_view type) {
    const auto full = prefix + std::string{name};
    out_ += "# HELP " + full + " " + std::string{help} + "\n# TYPE " + full + " " +
            std::string{type} + "\n";
  }
  std::string take() { return std::move(out_); }

 private:
  void entry(std::string_view name, std::string_view help, std::string_view type,
             std::uint64_t value) {
    head(name, help, type);
    out_ += prefix + std::string{name} + " " + std::to_string(value) + "\n";
  }
  inline static const std::string prefix = "sallyport_selfdestruct_";
  std::string out_;
};

std::uint64_t seconds(Instant at) {
  const auto millis = to_millis(at);
  return millis < 0 ? 0 : static_cast<std::uint64_t>(millis / 1000);
}
std::uint64_t millis(Duration duration) {
  return duration.count() < 0 ? 0 : static_cast<std::uint64_t>(duration.count());
}

void messages(Text& text, const Figures& store) {
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
}

void http_side(Text& text, std::string_view side, const http::Counters& counters) {
  const auto label = "listener=\"" + std::string{side} + "\"";
  text.labelled("connections_open", label, counters.connections_open);
  text.labelled("connections_total", label, counters.connections_accepted);
  text.labelled("connections_refused_total", label, counters.connections_refused);
  text.labelled("handshakes_failed_total", label, counters.handshakes_failed);
  text.labelled("requests_total", label, counters.requests);
  text.labelled("requests_refused_total", label, counters.requests_refused);
  text.labelled("deadlines_missed_total", label, counters.deadlines_missed);
}

}  // namespace

std::uint64_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string metrics_text(const Measured& measured) {
  Text text;
  messages(text, measured.store);
  text.gauge("events_waiting", "Events that the core has not fetched yet.",
             measured.events_waiting);
  text.gauge("items_applied", "The highest item number applied.", measured.link.applied);
  text.gauge("enrolled", "1 when the edge is enrolled.", measured.link.enrolled ? 1 : 0);
  text.gauge("serving", "0 while nothing is shown until a resync.", measured.link.serving ? 1 : 0);
  text.gauge("last_contact_seconds", "When the core was last heard, Unix time.",
             seconds(measured.link.last_contact));
  text.gauge("clock_behind_milliseconds", "How far the machine's clock ran back.",
             millis(measured.store.clock_behind));
  text.gauge("short_of_disk", "1 while nothing new is taken.",
             measured.store.short_of_disk ? 1 : 0);
  text.gauge("database_bytes", "Size of the database and its log.", measured.database_bytes);
  text.gauge("resident_memory_bytes", "Resident memory.", resident_bytes());
  text.gauge("uptime_seconds", "Since the start.", millis(measured.uptime) / 1000);
  text.gauge("public_certificate_ends_seconds", "Unix time.",
             seconds(measured.public_certificate_ends));
  text.gauge("intake_certificate_ends_seconds", "Unix time.",
             seconds(measured.intake_certificate_ends));
  http_side(text, "public", measured.public_side);
  http_side(text, "intake", measured.intake);
  return text.take();
}

}  // namespace sp::edge_selfdestruct
