#pragma once
// The portal's memory: everything a route may ask. What only reads answers at once. What changes
// something takes a `Done`, called once: at once where a read already refuses, or else on the
// writer's thread after the commit, which it must not block.

#include <atomic>
#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/limiter/limiter.h"
#include "base/sqlite/writer.h"
#include "base/time/forward_clock.h"
#include "edge-selfdestruct/store/branding.h"
#include "edge-selfdestruct/store/housekeeper.h"
#include "edge-selfdestruct/store/life.h"
#include "edge-selfdestruct/store/readers.h"

namespace sp::edge_selfdestruct {

struct StoreOptions {
  std::string directory;  ///< edge.sqlite and slots.key; made with mode 0700 when it is not there
  unsigned readers = 4;   ///< how many may read at the same time
  Duration housekeeping{1'000};
  std::uint64_t disk_reserve = std::uint64_t{64} << 20U;
  Rate strangers{.burst = 60, .every = Duration{1'000}};  ///< wrong links, a source network
  Rate guesses{.burst = 10, .every = Duration{6'000}};    ///< wrong passphrases, a message from one
                                                          ///< source network
  Rate message{.burst = 30, .every = Duration{20'000}};   ///< wrong passphrases, a message in all
};

template <class T>
using Answer = std::expected<T, Denied>;
template <class T>
using Done = std::function<void(Answer<T>)>;
struct Nothing {};
/// The next piece of a content, nullopt at its end.
using Content = std::function<Result<std::optional<Bytes>>()>;

/// Since the start.
struct Figures {
  std::uint64_t live = 0, shredded = 0;
  std::uint64_t views = 0, repeats = 0, destroyed = 0;
  std::uint64_t not_found = 0, wrong_passphrase = 0, limited = 0, unavailable = 0;
  bool short_of_disk = false;
  Duration clock_behind{};
};

class Store {
 public:
  /// Opens or makes the files, and shreds what has to be shredded, before it returns. `machine` and
  /// `random` must outlive the store.
  static Result<std::unique_ptr<Store>> open(StoreOptions options, const Clock& machine,
                                             Random& random);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  [[nodiscard]] sqlite::Writer& writer() { return *writer_; }
  [[nodiscard]] Items& items() { return *items_; }
  [[nodiscard]] const Clock& clock() const { return *clock_; }

  /// Begins to serve and to keep house, once the inbox's tables are there. Before it, and while
  /// `serving` is false, there is no message. `events_came` is called after each commit with
  /// events.
  Outcome start(std::function<bool()> serving, std::function<void()> events_came);
  /// Ends the housekeeping and the calls back; before what they use goes.
  void stop();

  Answer<Record> status(const Holder& holder);
  void reveal(Holder holder, Done<Released> done);
  void saved(Holder holder, Done<Nothing> done);
  void destroy(Holder holder, Done<Nothing> done);
  Answer<std::optional<pushpull::SettingsPut>> branding();
  Answer<std::uint64_t> events_waiting();

  /// What `released` opened, piece by piece; for a content that is not `whole`.
  Content content(Released released);

  [[nodiscard]] Figures figures() const;

 private:
  struct Counts {
    std::atomic<std::uint64_t> views{0}, repeats{0}, destroyed{0}, not_found{0},
        wrong_passphrase{0}, limited{0}, unavailable{0};
  };
  Store(StoreOptions options, Random& random);
  Outcome prepare(const Clock& machine);
  Outcome recover(sqlite::Database& db);
  Outcome give_up(const std::vector<Slot>& lost);

  Answer<Record> judge_link(sqlite::Database& db, const Holder& holder);
  std::optional<Denied> judge_guess(const Record& record, const Holder& holder);
  Denied stranger(const Holder& holder);
  Denied failed(std::string_view what, const Error& error);
  void count(const Denied& denied, const Holder& holder);
  template <class T>
  void change(Holder holder, bool needs_passphrase,
              std::function<Result<std::variant<T, Denied>>(const Scene&, const Holder&)> act,
              Done<T> done);

  StoreOptions options_;
  Random* random_;
  Limiter strangers_, guesses_, message_guesses_;
  Counts counts_;
  std::shared_ptr<Pins> pins_ = std::make_shared<Pins>();
  std::unique_ptr<ForwardClock> clock_;
  std::unique_ptr<SlotFile> slots_;
  std::unique_ptr<Items> items_;
  std::vector<Slot> lost_;  // found by `recover`, told by `start`
  std::function<bool()> serving_ = [] { return false; };
  std::function<void()> events_came_ = [] {};
  std::mutex content_mutex_;
  std::optional<sqlite::Database> content_db_;
  // In this order: what stands below uses what stands above.
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<sqlite::Writer> writer_;
  std::unique_ptr<Housekeeper> housekeeper_;
};

}  // namespace sp::edge_selfdestruct
