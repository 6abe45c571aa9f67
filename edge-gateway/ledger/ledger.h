#pragma once
// The gateway's memory: tickets, sessions, and what the core is told of them. What changes
// something runs on the writer's thread, in the order of the calls. Safe from every thread.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>

#include "base/sqlite/writer.h"
#include "base/time/forward_clock.h"
#include "edge-gateway/ledger/items.h"
#include "edge-gateway/tickets/tickets.h"

namespace sp::edge_gateway {

struct LedgerOptions {
  std::filesystem::path directory;  ///< edge.sqlite and recordings/; made when it is not there
  std::uint64_t disk_reserve = std::uint64_t{64} << 20U;
  Duration housekeeping{1'000};
};

class Ledger {
 public:
  /// Opens or makes the database; tickets of an earlier start are closed. `machine` must outlive
  /// it.
  static Result<std::unique_ptr<Ledger>> open(LedgerOptions options, const Clock& machine);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  [[nodiscard]] sqlite::Writer& writer() { return *writer_; }
  [[nodiscard]] Items& items() { return *items_; }
  [[nodiscard]] const Clock& clock() const { return *clock_; }
  [[nodiscard]] std::filesystem::path recordings() const;
  [[nodiscard]] std::filesystem::path database() const;

  /// Ends the sessions of an earlier start and begins to keep house, once the inbox's tables are
  /// there. `events_came` is called after each commit with events, `each_round` about each second
  /// on the housekeeper's thread.
  Outcome start(std::function<void()> events_came, std::function<void()> each_round);
  /// Everything said before is durable; nothing is called any more.
  void stop();

  /// What became of a try to use a ticket; `too_many` when `admit` said no, and then it still
  /// waits.
  using Answer = Result<std::variant<Redeemed, Refusal>>;
  /// Uses a ticket and begins its session. `admit` runs in between, on the writer's thread. `done`
  /// once that is durable, likewise.
  void redeem(const pushpull::TicketId& id, Secret secret, std::string source,
              std::function<bool(const pushpull::TicketPut&)> admit,
              std::function<void(Answer)> done);

  /// Tells the core.
  void tell(std::string_view kind, const pushpull::SessionId& session, Bytes body);
  void tell_refused(const pushpull::TicketRefused& refused);
  void recorded(const pushpull::SessionId& session, const recording::Progress& progress);
  /// Said again and again until it is durable, as when the disk is full.
  void ended(const pushpull::SessionId& session, const pushpull::SessionEnded& ended);

  struct Figures {
    std::uint64_t waiting = 0, running = 0, events_waiting = 0;
  };
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] bool short_of_disk() const { return short_of_disk_; }

 private:
  explicit Ledger(LedgerOptions options) : options_(std::move(options)) {}
  Outcome prepare(const Clock& machine);
  Outcome end_earlier_sessions(sqlite::Database& db);
  void submit(std::string_view what, sqlite::Writer::Job job);
  void keep_house(const std::stop_token& stop);
  void round();
  void say_again();
  Outcome watch_disk();
  void watch_clock();

  LedgerOptions options_;
  std::unique_ptr<ForwardClock> clock_;
  std::unique_ptr<Items> items_;
  std::function<void()> events_came_ = [] {};
  std::function<void()> each_round_ = [] {};
  std::atomic<std::uint64_t> waiting_{0}, running_{0}, events_waiting_{0};
  std::atomic<bool> short_of_disk_{false};
  bool clock_warned_ = false;
  std::unique_ptr<sqlite::Writer> writer_;
  std::mutex mutex_;
  std::vector<std::pair<pushpull::SessionId, pushpull::SessionEnded>> unsaid_;  // guarded by mutex_
  std::condition_variable_any wake_;
  std::jthread housekeeper_;  // last: it uses all of the above
};

/// For the command `status`.
Result<std::string> standing(sqlite::Database& db);

}  // namespace sp::edge_gateway
