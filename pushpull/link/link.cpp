#include "pushpull/link/link.h"

#include <algorithm>

#include "base/log/log.h"
#include "pushpull/link/internal/work.h"

namespace sp::pushpull {

using internal::EpochKeys;

namespace {

constexpr std::uint64_t most_pull_bytes = 4U << 20U;
constexpr Duration time_for_an_answer{10'000};  // on top of how long a pull may wait

// The epoch, the numbers or the keys are not what we thought: meet the edge again, at once.
Error meet_first() {
  return Error{Code::conflict, "the edge and the core must meet again"};
}

}  // namespace

Link::Work::Work(LinkOptions options, std::unique_ptr<Channel> push, std::unique_ptr<Channel> pull,
                 Outbox& outbox, const Clock& clock, Random& random)
    : options_(std::move(options)),
      push_(std::move(push)),
      pull_(std::move(pull)),
      outbox_(outbox),
      clock_(clock),
      random_(random),
      push_thread_([this] { push_loop(); }),
      pull_thread_([this] { pull_loop(); }) {}

Link::Work::~Work() {
  stop();
}

void Link::Work::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  push_->stop();
  pull_->stop();
  if (push_thread_.joinable()) push_thread_.join();
  if (pull_thread_.joinable()) pull_thread_.join();
}

bool Link::Work::stopping() const {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

void Link::Work::wake() {
  {
    const std::lock_guard lock{mutex_};
    woken_ = true;
  }
  changed_.notify_all();
}

void Link::Work::rotate() {
  {
    const std::lock_guard lock{mutex_};
    rotate_ = true;
    woken_ = true;
  }
  changed_.notify_all();
}

LinkHealth Link::Work::health() const {
  internal::Noticed noticed;
  {
    const std::lock_guard lock{mutex_};
    noticed = noticed_;
  }
  return internal::judge(noticed, outbox_.waiting().value_or(0), clock_.now());
}

Result<BlobResponse> Link::Work::blob(const BlobRequest& request) {
  const auto with = TRY(keys());
  const auto plain = TRY(ask(*push_, with, Operation::blob, encode(request), options_.patience));
  return decode_blob_response(plain).within("the edge's answer");
}

Result<Bytes> Link::Work::ask(Channel& channel, const EpochKeys& keys, Operation operation,
                              BytesView plain, Duration patience) {
  std::unique_lock<std::mutex> lock{push_mutex_, std::defer_lock};
  if (&channel == push_.get()) lock.lock();
  const Vouch vouch = [this](const Pin& pin, BytesView leaf) {
    const auto vouched = outbox_.vouches_for(pin, leaf);
    if (!vouched) failed(vouched.error());
    return vouched && *vouched;
  };
  return internal::ask(channel, keys, operation, plain, patience, random_, vouch);
}

Result<EpochKeys> Link::Work::keys() {
  const auto stored = TRY(outbox_.keys());
  return internal::current_keys(stored);
}

void Link::Work::succeeded(std::optional<Instant> edge_now) {
  {
    const std::lock_guard lock{mutex_};
    const auto now = clock_.now();
    noticed_.last_contact = now;
    if (edge_now) noticed_.clock_skew = *edge_now - now;
    noticed_.failing_since.reset();
    noticed_.failure.reset();
    ++successes_;
  }
  changed_.notify_all();
}

void Link::Work::failed(const Error& error) {
  const std::lock_guard lock{mutex_};
  if (stopping_) return;
  if (!noticed_.failing_since) {
    noticed_.failing_since = clock_.now();
    log::warning("link_failing", {{"code", name(error.code())}, {"detail", error.detail()}});
  }
  noticed_.failure = error;
}

void Link::Work::meet_again() {
  {
    const std::lock_guard lock{mutex_};
    met_ = false;
  }
  changed_.notify_all();
}

// Doubles from the least to the most, less up to a half by chance, so that many links do not knock
// together. Ends early when the other thread got through.
void Link::Work::back_off(unsigned failures, std::uint64_t& seen_success) {
  const auto doubled = options_.back_off_least * (1LL << std::min(failures, 16U));
  const auto most = std::min<Duration>(doubled, options_.back_off_most);
  const auto half = most.count() / 2;
  const auto chance = random_.below(static_cast<std::uint64_t>(half) + 1);
  const Duration wait{most.count() - static_cast<std::int64_t>(chance)};
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, wait, [&] { return stopping_ || successes_ != seen_success; });
  seen_success = successes_;
}

void Link::Work::push_loop() {
  unsigned failures = 0;
  std::uint64_t seen_success = 0;
  while (!stopping()) {
    const auto worked = work_once();
    if (worked) {
      failures = 0;
      rest_after_work();
      continue;
    }
    const bool again = worked.error().code() == Code::conflict && failures == 0;
    if (!again) failed(worked.error());
    if (!again) back_off(failures, seen_success);
    ++failures;
  }
}

void Link::Work::rest_after_work() {
  std::unique_lock lock{mutex_};
  changed_.wait_until(lock, next_hello_, [this] { return stopping_ || woken_ || !met_; });
}

Outcome Link::Work::work_once() {
  bool met = false;
  bool rotate = false;
  {
    const std::lock_guard lock{mutex_};
    woken_ = false;
    met = met_;
    rotate = rotate_;
  }
  if (!met || Steady::now() >= next_hello_) TRY(meet());
  auto pushed = push_all();
  if (!pushed) meet_again();
  TRY(std::move(pushed));
  if (!rotate) return {};
  TRY(rekey());
  const std::lock_guard lock{mutex_};
  rotate_ = false;
  return {};
}

// Hello, and whatever must come before it (enrolment, the end of a rekey) and after it (a resync).
Outcome Link::Work::meet() {
  const auto stored = TRY(outbox_.keys());
  {
    const std::lock_guard lock{mutex_};
    noticed_.enrolled = stored.epoch > 0;
    noticed_.kit_expires_at = stored.kit_expires_at;
  }
  if (stored.epoch == 0) TRY(enrol());
  if (stored.epoch > 0 && stored.pending) TRY(rekey());
  const auto with = TRY(keys());
  numbers_ = TRY(outbox_.numbers());
  const auto said = TRY(hello(with));
  const auto before = std::exchange(numbers_, TRY(outbox_.numbers()));
  const auto plan = internal::plan(before, numbers_, said);
  if (plan.resync) TRY(resync(said, plan.settled));
  next_hello_ = Steady::now() + options_.hello_every;
  {
    const std::lock_guard lock{mutex_};
    met_ = true;
    noticed_.hello = said;
  }
  succeeded(said.now);
  return {};
}

Result<HelloResponse> Link::Work::hello(const EpochKeys& keys) {
  const auto numbers = TRY(outbox_.numbers());
  const HelloRequest request{numbers.core_epoch, clock_.now(), options_.version};
  const auto plain = TRY(ask(*push_, keys, Operation::hello, encode(request), options_.patience));
  return decode_hello_response(plain).within("the edge's answer");
}

Outcome Link::Work::enrol() {
  auto stored = TRY(outbox_.keys());
  const bool answered = stored.pending && stored.pending->edge_key;
  if (stored.kit_expires_at <= clock_.now() && !answered)
    return Error{Code::expired, "the enrolment kit expired"};
  auto introduced = internal::introduce(*push_, stored, options_.patience);
  if (introduced) {
    stored.edge_key = introduced->key;
    stored.pin = introduced->pin;
    TRY(outbox_.save(stored));
  }
  // An edge that took the first epoch shows its key no more; then our answer was the one lost.
  if (!introduced && !answered) return introduced.error();
  TRY(rekey());
  log::info("link_enrolled");
  const std::lock_guard lock{mutex_};
  noticed_.enrolled = true;
  return {};
}

// docs/formats/pushpull.md section 6. Every step is stored before the next, so that a crash between
// any two leaves both sides able to go on.
Outcome Link::Work::rekey() {
  auto stored = TRY(outbox_.keys());
  if (!stored.pending) {
    stored.pending = LinkKeys::Pending{LinkPsk::random(random_), {}};
    TRY(outbox_.save(stored));
  }
  if (!stored.pending->edge_key) {
    const auto with = TRY(internal::current_keys(stored));
    const auto request = encode(RekeyRequest{stored.epoch + 1, stored.pending->psk.copy()});
    const auto plain = TRY(ask(*push_, with, Operation::rekey, request, options_.patience));
    const auto response = TRY(decode_rekey_response(plain).within("the edge's answer"));
    if (response.epoch != stored.epoch + 1) return Error{Code::corrupt, "epoch of a rekey"};
    stored.pending->edge_key = response.key;
    TRY(outbox_.save(stored));
  }
  return take_next_epoch();
}

// The first envelope under the next epoch makes it current at the edge; its answer does so here.
Outcome Link::Work::take_next_epoch() {
  auto stored = TRY(outbox_.keys());
  const auto with = TRY(internal::pending_keys(stored));
  const auto said = hello(with);
  if (!said && said.error().code() == Code::forbidden) {
    stored.pending->edge_key.reset();  // the edge has forgotten it: ask again under the old epoch
    TRY(outbox_.save(stored));
  }
  if (!said) return said.error();
  LinkKeys next{
      stored.edge_id, std::move(stored.core_key), with.epoch, with.psk.copy(), with.edge_key,
      stored.pin,     stored.kit_expires_at,      {}};
  return outbox_.save(next);
}

Outcome Link::Work::resync(const HelloResponse& said, std::uint64_t settled) {
  const auto core_epoch = Epoch::random(random_);
  const auto cursor = numbers_.last_event;
  TRY(outbox_.begin_resync(core_epoch, settled));
  const auto live = TRY(outbox_.live());
  const auto parts =
      std::max<std::size_t>(1, (live.size() + live_ids_in_part - 1) / live_ids_in_part);
  PushResponse response;
  for (std::size_t part = 0; part < parts; ++part) {
    Resync body{said.edge_epoch,
                static_cast<std::uint32_t>(part),
                static_cast<std::uint32_t>(parts),
                cursor,
                {}};
    const auto from = live.begin() + static_cast<std::ptrdiff_t>(part * live_ids_in_part);
    const auto left = live.size() - part * live_ids_in_part;
    body.live.assign(from, from + static_cast<std::ptrdiff_t>(std::min(left, live_ids_in_part)));
    response =
        TRY(push_items(core_epoch, {Item{settled, std::string{kind::resync}, {}, encode(body)}}));
    if (response.resync) return meet_first();
  }
  if (response.applied != settled) return Error{Code::corrupt, "the edge did not take the list"};
  TRY(outbox_.end_resync(response.edge_epoch));
  numbers_ = TRY(outbox_.numbers());
  log::info("link_resynced", {{"live", live.size()}, {"settled", settled}});
  return {};
}

Result<PushResponse> Link::Work::push_items(const Epoch& core_epoch, std::vector<Item> items) {
  const auto with = TRY(keys());
  const auto request = encode(PushRequest{core_epoch, clock_.now(), std::move(items)});
  const auto plain = TRY(ask(*push_, with, Operation::push, request, options_.patience));
  return decode_push_response(plain).within("the edge's answer");
}

Outcome Link::Work::push_all() {
  while (!stopping()) {
    const bool more = TRY(push_some());
    if (!more) return {};
  }
  return {};
}

// True when a batch went out and was applied.
Result<bool> Link::Work::push_some() {
  auto items = TRY(outbox_.next(numbers_.applied, most_items_in_batch, most_batch_bytes));
  if (items.empty()) return false;
  const auto last = items.back().seq;
  if (last > numbers_.sent) TRY(outbox_.sending(last));
  numbers_.sent = std::max(numbers_.sent, last);
  const auto response = TRY(push_items(numbers_.core_epoch, std::move(items)));
  const bool same = numbers_.edge_epoch == response.edge_epoch && !response.resync;
  if (!same || response.applied <= numbers_.applied || response.applied > last) return meet_first();
  TRY(outbox_.acknowledged(response.applied, response.refused));
  numbers_.applied = response.applied;
  succeeded(response.now);
  return true;
}

bool Link::Work::wait_until_met() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return stopping_ || met_; });
  return !stopping_;
}

void Link::Work::pull_loop() {
  unsigned failures = 0;
  std::uint64_t seen_success = 0;
  while (wait_until_met()) {
    const auto pulled = pull_once();
    if (pulled) {
      failures = 0;
      continue;
    }
    if (pulled.error().code() == Code::conflict) continue;
    failed(pulled.error());
    meet_again();
    back_off(failures++, seen_success);
  }
}

Outcome Link::Work::pull_once() {
  const auto with = TRY(keys());
  const auto numbers = TRY(outbox_.numbers());
  const auto request = encode(PullRequest{numbers.last_event, options_.pull_wait, most_pull_bytes});
  const auto plain =
      TRY(ask(*pull_, with, Operation::pull, request, options_.pull_wait + time_for_an_answer));
  const auto response = TRY(decode_pull_response(plain).within("the edge's answer"));
  if (response.resync || response.edge_epoch != numbers.edge_epoch) {
    meet_again();
    return meet_first();
  }
  succeeded(response.now);
  if (response.events.empty()) return {};
  auto before = numbers.last_event;
  for (const auto& event : response.events) {
    if (event.seq <= before) return Error{Code::corrupt, "the edge's events are out of order"};
    before = event.seq;
  }
  return outbox_.store_events(response.events, before);
}

Link::Link(LinkOptions options, std::unique_ptr<Channel> push, std::unique_ptr<Channel> pull,
           Outbox& outbox, const Clock& clock, Random& random)
    : work_(std::make_unique<Work>(std::move(options), std::move(push), std::move(pull), outbox,
                                   clock, random)) {}
Link::~Link() = default;
void Link::wake() {
  work_->wake();
}
void Link::rotate() {
  work_->rotate();
}
LinkHealth Link::health() const {
  return work_->health();
}
Result<BlobResponse> Link::blob(const BlobRequest& request) {
  return work_->blob(request);
}
void Link::stop() {
  work_->stop();
}

}  // namespace sp::pushpull
