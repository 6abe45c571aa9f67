#include "edge-gateway/ledger/ledger.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/log/log.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

// One row: the latest moment that was seen, so that a machine's clock set back opens no ticket.
constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS gateway(one INTEGER PRIMARY KEY CHECK (one = 1), "
    "clock INTEGER NOT NULL) STRICT;"
    "INSERT OR IGNORE INTO gateway(one, clock) VALUES (1, 0);";

Result<Instant> last_seen(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT clock FROM gateway WHERE one = 1"));
  TRY(row.step());
  return from_millis(row.integer(0));
}

Outcome make_directory(const std::filesystem::path& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return {};
  std::filesystem::create_directories(path, failed);
  if (failed) return Error{Code::unavailable, "cannot make the folder " + path.string()};
  ::chmod(path.c_str(), 0700);
  return {};
}

Outcome warn(sqlite::Database& db, std::string code, Instant now) {
  TRY(pushpull::append_event(db, pushpull::kind::edge_warning, {}, now,
                             pushpull::encode(pushpull::EdgeWarning{std::move(code)})));
  return {};
}

}  // namespace

std::filesystem::path Ledger::recordings() const {
  return options_.directory / "recordings";
}

std::filesystem::path Ledger::database() const {
  return options_.directory / "edge.sqlite";
}

Result<std::unique_ptr<Ledger>> Ledger::open(LedgerOptions options, const Clock& machine) {
  std::unique_ptr<Ledger> ledger{new Ledger{std::move(options)}};
  TRY(ledger->prepare(machine));
  return ledger;
}

Ledger::~Ledger() {
  stop();
}

Outcome Ledger::prepare(const Clock& machine) {
  TRY(make_directory(options_.directory));
  TRY(make_directory(recordings()));
  auto db = TRY(sqlite::Database::open(database().string()));
  ::chmod(database().c_str(), 0600);
  TRY(db.script(schema));
  TRY(open_sessions(db));
  TRY(open_tickets(db));
  clock_ = std::make_unique<ForwardClock>(machine, steady_now, TRY(last_seen(db)));
  items_ = std::make_unique<Items>(*clock_, recordings());
  writer_ = std::make_unique<sqlite::Writer>(std::move(db));
  return {};
}

Outcome Ledger::start(std::function<void()> events_came, std::function<void()> each_round) {
  events_came_ = std::move(events_came);
  each_round_ = std::move(each_round);
  TRY(writer_->run([this](sqlite::Database& db) { return end_earlier_sessions(db); }));
  events_came_();
  housekeeper_ = std::jthread{[this](const std::stop_token& stop) { keep_house(stop); }};
  return {};
}

// What their recordings hold is found in the files: chunks may be durable that nobody was told of.
Outcome Ledger::end_earlier_sessions(sqlite::Database& db) {
  for (const auto& row : TRY(running_sessions(db))) {
    pushpull::SessionEnded ended;
    ended.reason = "restarted";
    const auto progress = recording::progress_of(recording::path_of(recordings(), row.session));
    if (progress) {
      ended.chunks = progress->chunks;
      ended.bytes = progress->bytes;
      ended.hash = progress->hash;
    }
    TRY(end_session(db, row.session, ended, clock_->now()));
  }
  return {};
}

void Ledger::stop() {
  if (housekeeper_.joinable()) {
    housekeeper_.request_stop();
    housekeeper_.join();
  }
  if (writer_) static_cast<void>(writer_->run([](sqlite::Database&) { return Outcome{}; }));
  events_came_ = [] {};
}

void Ledger::submit(std::string_view what, sqlite::Writer::Job job) {
  writer_->submit(std::move(job), [this, what](const Outcome& committed) {
    if (!committed) return log::error(what, committed.error());
    events_came_();
  });
}

void Ledger::redeem(const pushpull::TicketId& id, Secret secret, std::string source,
                    std::function<bool(const pushpull::TicketPut&)> admit,
                    std::function<void(Answer)> done) {
  struct Case {
    pushpull::TicketId id;
    Secret secret;
    std::string source;
    std::function<bool(const pushpull::TicketPut&)> admit;
    std::function<void(Answer)> done;
    std::optional<std::variant<Redeemed, Refusal>> verdict;
  };
  auto work = std::make_shared<Case>(
      Case{id, std::move(secret), std::move(source), std::move(admit), std::move(done), {}});
  const auto job = [this, work](sqlite::Database& db) -> Outcome {
    work->verdict =
        TRY(edge_gateway::redeem(db, work->id, work->secret, work->source, clock_->now()));
    const auto* redeemed = std::get_if<Redeemed>(&*work->verdict);
    if (redeemed == nullptr) return {};
    if (!work->admit(redeemed->ticket)) return Error{Code::too_many, "too many sessions"};
    return begin_session(db, {redeemed->ticket.session, pushpull::hash_of(work->id)},
                         redeemed->ticket.record);
  };
  writer_->submit(job, [this, work](Outcome committed) {
    if (!committed) return work->done(std::move(committed).error());
    events_came_();
    work->done(*std::move(work->verdict));
  });
}

void Ledger::tell(std::string_view kind, const pushpull::SessionId& session, Bytes body) {
  submit("event_failed",
         [this, kind = std::string{kind}, session,
          body = std::move(body)](sqlite::Database& db) -> Outcome {
           TRY(pushpull::append_event(db, kind, session, clock_->now(), body));
           return {};
         });
}

void Ledger::tell_refused(const pushpull::TicketRefused& refused) {
  submit("event_failed", [this, body = pushpull::encode(refused)](sqlite::Database& db) -> Outcome {
    TRY(pushpull::append_event(db, pushpull::kind::ticket_refused, {}, clock_->now(), body));
    return {};
  });
}

void Ledger::recorded(const pushpull::SessionId& session, const recording::Progress& progress) {
  submit("recording_event_failed", [this, session, progress](sqlite::Database& db) {
    return note_recording(db, session, progress, clock_->now());
  });
}

void Ledger::ended(const pushpull::SessionId& session, const pushpull::SessionEnded& ended) {
  const auto job = [this, session, ended](sqlite::Database& db) {
    return end_session(db, session, ended, clock_->now());
  };
  writer_->submit(job, [this, session, ended](const Outcome& committed) {
    if (committed) return events_came_();
    log::error("end_failed", committed.error());
    const std::lock_guard lock{mutex_};
    unsaid_.emplace_back(session, ended);
  });
}

void Ledger::say_again() {
  std::vector<std::pair<pushpull::SessionId, pushpull::SessionEnded>> unsaid;
  {
    const std::lock_guard lock{mutex_};
    std::swap(unsaid, unsaid_);
  }
  for (const auto& [session, end] : unsaid) ended(session, end);
}

Ledger::Figures Ledger::figures() const {
  return {waiting_, running_, events_waiting_};
}

void Ledger::keep_house(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    round();
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, stop, options_.housekeeping, [] { return false; });
  }
}

void Ledger::round() {
  if (const auto watched = watch_disk(); !watched) log::error("disk_failed", watched.error());
  watch_clock();
  say_again();
  submit("housekeeping_failed", [this](sqlite::Database& db) -> Outcome {
    const auto now = clock_->now();
    TRY(expire(db, now));
    TRY(db.run("UPDATE gateway SET clock = ?1 WHERE one = 1 AND clock < ?2", to_millis(now),
               to_millis(now - 30s)));
    waiting_ = TRY(tickets_waiting(db));
    running_ = TRY(count_running(db));
    events_waiting_ = TRY(pushpull::events_waiting(db));
    return {};
  });
  each_round_();
}

void Ledger::watch_clock() {
  const bool behind = clock_->behind() > 1s;
  if (behind && !clock_warned_) {
    log::warning("clock_ran_back", {{"milliseconds", clock_->behind().count()}});
    submit("warning_failed",
           [this](sqlite::Database& db) { return warn(db, "clock_ran_back", clock_->now()); });
  }
  clock_warned_ = behind;
}

Outcome Ledger::watch_disk() {
  struct statvfs about {};
  if (::statvfs(options_.directory.c_str(), &about) != 0)
    return Error{Code::unavailable, "cannot look at the disk"};
  const auto free = std::uint64_t{about.f_bavail} * about.f_frsize;
  const bool is_short = free < options_.disk_reserve;
  if (is_short == short_of_disk_) return {};
  short_of_disk_ = is_short;
  items_->short_of_disk(is_short);
  log::warning(is_short ? "disk_full" : "disk_ok", {{"free_bytes", free}});
  submit("warning_failed", [this, is_short](sqlite::Database& db) {
    return warn(db, is_short ? "disk_full" : "disk_ok", clock_->now());
  });
  return {};
}

Result<std::string> standing(sqlite::Database& db) {
  const auto waiting = TRY(tickets_waiting(db));
  const auto running = TRY(count_running(db));
  return "tickets         " + std::to_string(waiting) + "\nsessions        " +
         std::to_string(running) + "\n";
}

}  // namespace sp::edge_gateway
