#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/http/server.h"
#include "base/time/clock.h"

namespace sp::pushpull {

/// Prometheus text format 0.0.4, put together line by line.
class MetricsText {
 public:
  /// `prefix` begins every name: "sallyport_selfdestruct_".
  explicit MetricsText(std::string prefix) : prefix_(std::move(prefix)) {}
  void gauge(std::string_view name, std::string_view help, std::uint64_t value);
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  void head(std::string_view name, std::string_view help, std::string_view type);
  /// After its `head`; `label` is `code="not_found"`.
  void labelled(std::string_view name, std::string_view label, std::uint64_t value);
  void listener(std::string_view side, const http::Counters& counters);
  std::string take() { return std::move(out_); }

 private:
  std::string prefix_, out_;
};

/// Unix time, in seconds; 0 for a moment before.
std::uint64_t in_seconds(Instant at);
/// Resident memory of this process; 0 when the system does not say.
std::uint64_t resident_bytes();

}  // namespace sp::pushpull
