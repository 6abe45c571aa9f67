#include "edge-selfdestruct/store/store.h"

#include <sys/stat.h>

#include <filesystem>

#include "base/log/log.h"
#include "edge-selfdestruct/store/schema.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::size_t remembered = 16 * 1024;  // keys of each limiter, 256 KiB

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Outcome make_directory(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::exists(path, failed)) return {};
  std::filesystem::create_directories(path, failed);
  if (failed) return Error{Code::unavailable, "cannot make the folder " + path};
  ::chmod(path.c_str(), 0700);
  return {};
}

Result<Instant> last_seen(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT clock FROM portal WHERE one = 1"));
  TRY(row.step());
  return from_millis(row.integer(0));
}

Result<std::vector<bool>> living(sqlite::Database& db) {
  auto rows = TRY(db.query("SELECT slot FROM counter WHERE left >= 0"));
  std::vector<bool> out;
  while (TRY(rows.step())) {
    const auto slot = static_cast<std::size_t>(rows.integer(0));
    if (slot >= out.size()) out.resize(std::max(slot + 1, out.size() * 2));
    out[slot] = true;
  }
  return out;
}

Bytes guess_key(const Holder& holder) {
  bytes::Writer key;
  key.raw(holder.id).raw(holder.source);
  return key.take();
}

}  // namespace

Store::Store(StoreOptions options, Random& random)
    : options_(std::move(options)),
      random_(&random),
      strangers_(options_.strangers, remembered, random),
      guesses_(options_.guesses, remembered, random),
      message_guesses_(options_.message, remembered, random) {}

Store::~Store() {
  stop();
}

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, const Clock& machine,
                                           Random& random) {
  TRY(make_directory(options.directory));
  std::unique_ptr<Store> store{new Store{std::move(options), random}};
  TRY(store->prepare(machine));
  return store;
}

Outcome Store::prepare(const Clock& machine) {
  const auto path = options_.directory + "/edge.sqlite";
  slots_ = TRY(SlotFile::open(options_.directory + "/slots.key", *random_));
  auto db = TRY(sqlite::Database::open(path));
  ::chmod(path.c_str(), 0600);
  TRY(prepare_schema(db));
  clock_ = std::make_unique<ForwardClock>(machine, steady_now, TRY(last_seen(db)));
  TRY(recover(db));
  items_ = std::make_unique<Items>(*slots_, *random_, *clock_);
  content_db_ = TRY(sqlite::Database::open(path, {.create = false}));
  readers_ = TRY(Readers::open(path, options_.readers));
  writer_ = std::make_unique<sqlite::Writer>(std::move(db), sqlite::Writer::usual_jobs,
                                             [this] { return readers_->without_snapshots(); });
  return {};
}

Outcome Store::recover(sqlite::Database& db) {
  const auto live = TRY(living(db));
  lost_ = TRY(slots_->recover(live));
  return {};
}

// Messages whose key is not in the key file: it was shredded after this copy of the database was
// made, or lost. They can never be opened again, and the core is told.
Outcome Store::give_up(const std::vector<Slot>& lost) {
  if (lost.empty()) return {};
  log::warning("messages_without_key", {{"count", lost.size()}});
  return writer_->run([&](sqlite::Database& db) -> Outcome {
    for (const auto slot : lost) {
      auto row =
          TRY(db.query("SELECT id_hash, loading FROM message WHERE slot = ?1", number(slot)));
      const bool known = TRY(row.step()) && row.integer(1) == 0;
      if (known)
        TRY(pushpull::append_event(db, pushpull::kind::message_lost, row.blob_view(0),
                                   clock_->now(), pushpull::empty_body()));
      TRY(drop(db, slot));
    }
    return {};
  });
}

Outcome Store::start(std::function<bool()> serving, std::function<void()> events_came) {
  TRY(give_up(lost_));
  lost_.clear();
  auto db = TRY(sqlite::Database::open(options_.directory + "/edge.sqlite", {.create = false}));
  serving_ = std::move(serving);
  events_came_ = std::move(events_came);
  housekeeper_ =
      std::make_unique<Housekeeper>(HousekeeperParts{.writer = *writer_,
                                                     .readers = *readers_,
                                                     .slots = *slots_,
                                                     .items = *items_,
                                                     .random = *random_,
                                                     .clock = *clock_,
                                                     .pins = pins_,
                                                     .directory = options_.directory,
                                                     .period = options_.housekeeping,
                                                     .disk_reserve = options_.disk_reserve,
                                                     .events_came = [this] { events_came_(); }},
                                    std::move(db));
  return {};
}

void Store::stop() {
  housekeeper_.reset();
  if (writer_) static_cast<void>(writer_->run([](sqlite::Database&) { return Outcome{}; }));
  events_came_ = [] {};
}

Denied Store::failed(std::string_view what, const Error& error) {
  log::error(what, error);
  ++counts_.unavailable;
  return Denied{Code::unavailable, std::nullopt, std::nullopt};
}

Denied Store::stranger(const Holder& holder) {
  const auto now = clock_->now();
  const auto source = bytes::of(holder.source);
  if (const auto wait = strangers_.blocked(source, now)) {
    ++counts_.limited;
    return Denied{Code::too_many, std::nullopt, wait};
  }
  strangers_.spend(source, now);
  ++counts_.not_found;
  return Denied{};
}

Answer<Record> Store::judge_link(sqlite::Database& db, const Holder& holder) {
  auto found = serving_() ? admit(db, holder, clock_->now())
                          : Result<Record>{Error{Code::not_found, "not serving"}};
  if (found) return *std::move(found);
  if (found.error().code() == Code::not_found) return std::unexpected{stranger(holder)};
  return std::unexpected{failed("read_failed", found.error())};
}

// Before the writer is asked: the limits on guessing, which only one who holds the link can reach.
std::optional<Denied> Store::judge_guess(const Record& record, const Holder& holder) {
  if (!record.pass) return std::nullopt;
  if (!holder.pass) return Denied{Code::forbidden, record.attempts, std::nullopt};
  const auto now = clock_->now();
  auto wait = guesses_.blocked(guess_key(holder), now);
  if (!wait) wait = message_guesses_.blocked(holder.id, now);
  if (!wait) return std::nullopt;
  ++counts_.limited;
  return Denied{Code::too_many, std::nullopt, wait};
}

void Store::count(const Denied& denied, const Holder& holder) {
  if (denied.code == Code::not_found) ++counts_.not_found;
  if (denied.code != Code::forbidden) return;
  ++counts_.wrong_passphrase;
  guesses_.spend(guess_key(holder), clock_->now());
  message_guesses_.spend(holder.id, clock_->now());
}

Answer<Record> Store::status(const Holder& holder) {
  return readers_->read([&](sqlite::Database& db) { return judge_link(db, holder); });
}

template <class T>
void Store::change(Holder holder, bool needs_passphrase,
                   std::function<Result<std::variant<T, Denied>>(const Scene&, const Holder&)> act,
                   Done<T> done) {
  struct Case {
    Holder holder;
    std::function<Result<std::variant<T, Denied>>(const Scene&, const Holder&)> act;
    Done<T> done;
    std::variant<T, Denied> verdict;
  };
  auto work =
      std::make_shared<Case>(Case{std::move(holder), std::move(act), std::move(done), Denied{}});
  const auto perform = [this, work](sqlite::Database& db) -> Outcome {
    work->verdict = TRY(work->act({db, *slots_, *random_, clock_->now()}, work->holder));
    return {};
  };
  const auto answer = [this, work](const Outcome& committed) {
    if (!committed) return work->done(std::unexpected{failed("write_failed", committed.error())});
    events_came_();
    if (const auto* denied = std::get_if<Denied>(&work->verdict)) {
      count(*denied, work->holder);
      return work->done(std::unexpected{*denied});
    }
    work->done(std::move(std::get<T>(work->verdict)));
  };
  const auto record = status(work->holder);
  if (!record) return work->done(std::unexpected{record.error()});
  if (const auto denied = judge_guess(*record, work->holder); needs_passphrase && denied)
    return work->done(std::unexpected{*denied});
  writer_->submit(perform, answer);
}

namespace {

std::variant<Nothing, Denied> plain(const Verdict& verdict) {
  if (verdict) return *verdict;
  return Nothing{};
}

}  // namespace

void Store::reveal(Holder holder, Done<Released> done) {
  const auto act = [this](const Scene& scene, const Holder& who) -> Result<Claim> {
    auto result = TRY(claim(scene, who));
    auto* released = std::get_if<Released>(&result);
    if (released != nullptr && !released->whole) released->pin = Pins::hold(pins_, released->slot);
    return result;
  };
  change<Released>(std::move(holder), true, act, [this, done](Answer<Released> answer) {
    if (answer) ++(answer->repeated ? counts_.repeats : counts_.views);
    done(std::move(answer));
  });
}

void Store::saved(Holder holder, Done<Nothing> done) {
  const auto act = [](const Scene& scene,
                      const Holder& who) -> Result<std::variant<Nothing, Denied>> {
    return plain(TRY(edge_selfdestruct::saved(scene, who)));
  };
  change<Nothing>(std::move(holder), false, act, std::move(done));
}

void Store::destroy(Holder holder, Done<Nothing> done) {
  const auto act = [](const Scene& scene,
                      const Holder& who) -> Result<std::variant<Nothing, Denied>> {
    return plain(TRY(edge_selfdestruct::destroy(scene, who)));
  };
  change<Nothing>(std::move(holder), true, act, [this, done](Answer<Nothing> answer) {
    if (answer) ++counts_.destroyed;
    done(std::move(answer));
  });
}

Answer<std::optional<pushpull::SettingsPut>> Store::branding() {
  auto found = readers_->read(read_branding);
  if (!found) return std::unexpected{failed("read_failed", found.error())};
  return *std::move(found);
}

Answer<std::uint64_t> Store::events_waiting() {
  auto found = readers_->read(pushpull::events_waiting);
  if (!found) return std::unexpected{failed("read_failed", found.error())};
  return *found;
}

Content Store::content(Released released) {
  auto state = std::make_shared<Released>(std::move(released));
  return [this, state, next = std::int64_t{0}]() mutable -> Result<std::optional<Bytes>> {
    if (next == pieces(state->size)) return std::optional<Bytes>{};
    const std::scoped_lock lock{content_mutex_};
    auto piece = TRY(release_piece(*content_db_, state->slot, next, state->slot_key, state->id));
    ++next;
    return std::optional{std::move(piece)};
  };
}

Figures Store::figures() const {
  return Figures{.live = housekeeper_ ? housekeeper_->live() : 0,
                 .shredded = housekeeper_ ? housekeeper_->shredded() : 0,
                 .views = counts_.views,
                 .repeats = counts_.repeats,
                 .destroyed = counts_.destroyed,
                 .not_found = counts_.not_found,
                 .wrong_passphrase = counts_.wrong_passphrase,
                 .limited = counts_.limited,
                 .unavailable = counts_.unavailable,
                 .short_of_disk = housekeeper_ && housekeeper_->short_of_disk(),
                 .clock_behind = clock_->behind()};
}

}  // namespace sp::edge_selfdestruct
