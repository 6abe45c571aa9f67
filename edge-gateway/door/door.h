#pragma once
// The gateway's public side: the terminal page, and `/ws` (docs/formats/session.md section 1). Safe
// from every thread.

#include <functional>
#include <string>
#include <vector>

#include "base/limiter/limiter.h"
#include "edge-gateway/door/page.h"
#include "edge-gateway/door/refusals.h"
#include "edge-gateway/sessions/roster.h"

namespace sp::edge_gateway {

inline constexpr std::uint16_t door_refusal = 4404;  ///< whatever was wrong

struct DoorOptions {
  std::string origin;                                 ///< exactly what the page's `Origin` must be
  std::vector<std::string> proxies;                   ///< whose X-Forwarded-For is believed
  Rate tries{.burst = 30, .every = Duration{2'000}};  ///< that failed, of a source network
};

class Door {
 public:
  /// All must outlive it and every socket.
  Door(DoorOptions options, Ledger& ledger, Roster& roster, Random& random);

  /// From then on there are tickets, while `serving` says so.
  void open(std::function<bool()> serving) { serving_ = std::move(serving); }
  void handle(http::Request request, const http::Reply& reply);
  /// Nothing has a body here.
  static std::size_t body_limit(std::string_view /*method*/, std::string_view /*path*/) {
    return 0;
  }
  /// Tells the core what waited. About each second.
  void tell_refusals();
  [[nodiscard]] std::uint64_t refusals() const { return refusals_count_; }

  // For its visits.
  [[nodiscard]] Ledger& ledger() { return *ledger_; }
  [[nodiscard]] Roster& roster() { return *roster_; }
  [[nodiscard]] bool is_serving() const { return serving_(); }
  [[nodiscard]] bool is_limited(const std::string& source) const;
  void refused(std::string_view reason, const std::string& source);

 private:
  http::Response socket(const http::Request& request);

  const DoorOptions options_;
  Ledger* ledger_;
  Roster* roster_;
  Page page_;
  Limiter tries_;
  Refusals refusals_;
  std::atomic<std::uint64_t> refusals_count_{0};
  std::function<bool()> serving_ = [] { return false; };
};

/// "https://gate.example.com:8443" of that url with whatever path.
std::string origin_of(std::string_view url);

}  // namespace sp::edge_gateway
