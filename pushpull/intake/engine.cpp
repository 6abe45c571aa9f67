#include "pushpull/intake/engine.h"

#include "base/log/log.h"
#include "pushpull/enrolment/kit.h"

namespace sp::pushpull {
namespace {

constexpr std::size_t most_requests_at_once = 16;
constexpr std::size_t most_waiting = 4;
constexpr Duration most_wait{30'000};
constexpr std::uint64_t most_pull_bytes = most_batch_bytes;
constexpr int ok = 200;
constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int unavailable = 503;

bool is_refusal(const Error& error) {
  return error.code() == Code::invalid_input;
}
Result<bool> forget_rotation(sqlite::Database& db, bool rotated) {
  if (rotated) TRY(clear_rotate_key(db));
  return rotated;
}
/// Makes the tables, and closes the edge when its database has had fewer changes than were noted.
Result<InboxState> begin(sqlite::Database& db, Random& random, std::uint64_t noted) {
  TRY(create_inbox(db, random));
  auto state = TRY(read_state(db));
  if (noted <= state.changes || state.closed) return state;
  TRY(close_until_resync(db));
  state.closed = true;
  return state;
}

}  // namespace

Engine::Engine(Parts parts, ChangeCount count, const InboxState& state)
    : parts_(std::move(parts)),
      count_(std::move(count)),
      serving_(!state.closed),
      applied_(state.applied),
      last_event_(state.last_event),
      thread_([this] { run(); }) {}

Engine::~Engine() {
  stop();
}

void Engine::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Engine::enqueue(Task task, bool from_outside) {
  {
    const std::lock_guard lock{mutex_};
    if (from_outside && (stopping_ || from_outside_ >= most_requests_at_once)) return false;
    from_outside_ += from_outside ? 1 : 0;
    tasks_.push_back(std::move(task));
    // Under the lock: the writer's thread may bring the last task, after which all of this goes.
    wake_.notify_one();
  }
  return true;
}

bool Engine::is_stopping() const {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

void Engine::post(Bytes body, Reply reply) {
  auto task = [this, body = std::move(body), reply] { open_and_dispatch(body, reply); };
  if (!enqueue(std::move(task), true)) refuse(reply, unavailable);
}
void Engine::key(Reply reply) {
  if (!enqueue([this, reply] { give_key(reply); }, true)) refuse(reply, unavailable);
}
void Engine::committed() {
  {
    const std::lock_guard lock{mutex_};
    committed_ = true;
  }
  wake_.notify_one();
}

Intake::Status Engine::status() const {
  return {enrolled_, serving_, applied_, last_event_, last_contact_};
}

// The loop: tasks first, then a look at what was committed, then pulls that waited long enough.
// Ends when it was told to stop and nothing is under way any more.
void Engine::run() {
  (void)load_keys();
  std::unique_lock lock{mutex_};
  while (true) {
    const auto something = [this] { return !tasks_.empty() || committed_ || stopping_; };
    auto until = Steady::now() + most_wait;
    for (const auto& waiting : waiting_) until = std::min(until, waiting.until);
    wake_.wait_until(lock, until, something);
    if (stopping_ && tasks_.empty() && at_writer_ == 0 && waiting_.empty()) return;
    if (stopping_ && tasks_.empty() && waiting_.empty()) {
      wake_.wait(lock, [this] { return !tasks_.empty(); });
    }
    std::deque<Task> tasks;
    tasks.swap(tasks_);
    from_outside_ = 0;
    const bool look_now = std::exchange(committed_, false);
    lock.unlock();
    for (auto& task : tasks) task();
    if (look_now) look();
    answer_late_ones();
    lock.lock();
  }
}

template <class T>
void Engine::on_writer(const std::shared_ptr<Asked>& asked,
                       std::move_only_function<Result<T>(sqlite::Database&)> work,
                       std::move_only_function<void(T&)> then) {
  struct Found {
    T value{};
    InboxState state;
  };
  {
    const std::lock_guard lock{mutex_};
    ++at_writer_;
  }
  auto found = std::make_shared<Found>();
  parts_.writer.submit(
      [found, work = std::move(work)](sqlite::Database& db) mutable -> Outcome {
        found->value = TRY(work(db));
        found->state = TRY(read_state(db));
        return {};
      },
      [this, found, asked, then = std::move(then)](Outcome outcome) mutable {
        (void)enqueue(
            [this, found, asked, then = std::move(then), outcome = std::move(outcome)]() mutable {
              {
                const std::lock_guard lock{mutex_};
                --at_writer_;
              }
              if (outcome) {
                seen(found->state);
                then(found->value);
                return;
              }
              const bool malformed = is_refusal(outcome.error());
              if (!malformed) log::error("intake_failed", outcome.error());
              if (asked) refuse(asked->reply, malformed ? bad_request : unavailable);
            },
            false);
      });
}

// What is committed is noted outside of the database, where a copied-back database cannot reach.
void Engine::seen(const InboxState& state) {
  serving_ = !state.closed;
  applied_ = state.applied;
  last_event_ = state.last_event;
  if (!state.closed) count_.set(state.changes);
}

bool Engine::load_keys() {
  if (keys_) return true;
  auto keys = read_link_file(parts_.options.directory);
  if (!keys && keys.error().code() != Code::not_found) log::error("link_key", keys.error());
  if (!keys) return false;
  keys_ = *std::move(keys);
  enrolled_ = keys_->epoch > 0;
  return true;
}

// The first envelope under the next epoch makes it the current one and erases the old.
bool Engine::promote_pending() {
  EdgeKeys next{keys_->edge_id,
                keys_->name,
                keys_->kind,
                keys_->core_key,
                keys_->pending->key.copy(),
                keys_->epoch + 1,
                keys_->pending->psk.copy(),
                keys_->kit_expires_at,
                {}};
  if (const auto written = write_link_file(parts_.options.directory, next); !written) {
    log::error("link_key", written.error());
    return false;
  }
  keys_ = std::move(next);
  enrolled_ = true;
  log::info("link_key_changed", {{"epoch", keys_->epoch}});
  return true;
}

Result<OpenedRequest> Engine::open_with_our_keys(BytesView body) {
  const Error refused{Code::invalid_input, "does not open"};
  const auto header = TRY(read_request_header(body));
  if (!load_keys() || header.edge_id != keys_->edge_id) return refused;
  const bool enrolling = keys_->epoch == 0 && header.key_epoch == 0;
  if (enrolling &&
      (header.operation != Operation::rekey || keys_->kit_expires_at <= parts_.clock.now()))
    return refused;
  if (header.key_epoch == keys_->epoch)
    return open_request(body, keys_->key, keys_->core_key, keys_->psk);
  if (!keys_->pending || header.key_epoch != keys_->epoch + 1) return refused;
  auto opened = TRY(open_request(body, keys_->pending->key, keys_->core_key, keys_->pending->psk));
  if (!promote_pending()) return Error{Code::unavailable, "cannot write link.key"};
  return opened;
}

void Engine::open_and_dispatch(const Bytes& body, Reply reply) {
  auto opened = open_with_our_keys(body);
  if (!opened) {
    const bool ours = opened.error().code() == Code::unavailable;
    refuse(reply, ours ? unavailable : bad_request);
    return;
  }
  last_contact_ = parts_.clock.now();
  auto asked = std::make_shared<Asked>(Asked{std::move(opened->sealer), std::move(reply)});
  dispatch(*opened, std::move(asked));
}

void Engine::dispatch(const OpenedRequest& opened, std::shared_ptr<Asked> asked) {
  switch (opened.header.operation) {
    case Operation::hello:
      return hello(opened.plain, asked);
    case Operation::push:
      return push(opened.plain, asked);
    case Operation::pull:
      return pull(opened.plain, asked);
    case Operation::blob:
      return blob(opened.plain, asked);
    case Operation::rekey:
      return rekey(opened.plain, asked);
  }
}

void Engine::answer(Asked& asked, BytesView plain) const {
  auto sealed = asked.sealer.seal(plain, parts_.random);
  if (!sealed) {
    log::error("intake_seal", sealed.error());
    return refuse(asked.reply, unavailable);
  }
  asked.reply(ok, *std::move(sealed));
}

void Engine::hello(const Bytes& plain, const std::shared_ptr<Asked>& asked) {
  const auto request = decode_hello_request(plain);
  if (!request) return refuse(asked->reply, bad_request);
  const auto& options = parts_.options;
  HelloResponse response;
  response.now = parts_.clock.now();
  response.version = options.version;
  response.name = options.name.empty() ? keys_->name : options.name;
  response.capabilities = options.capabilities;
  response.certificates = options.certificates();
  on_writer<HelloResponse>(
      asked,
      [this, response,
       core_epoch = request->core_epoch](sqlite::Database& db) mutable -> Result<HelloResponse> {
        const auto state = TRY(read_state(db));
        response.edge_epoch = state.edge_epoch;
        response.applied = state.applied;
        response.last_event = state.last_event;
        response.events_waiting = state.last_event - state.acknowledged;
        response.holds = TRY(parts_.handler.holds(db));
        response.resync = state.closed || state.core_epoch != core_epoch;
        return response;
      },
      [this, asked](HelloResponse& made) { answer(*asked, encode(made)); });
}

void Engine::push(const Bytes& plain, const std::shared_ptr<Asked>& asked) {
  auto request = decode_push_request(plain);
  if (!request) return refuse(asked->reply, bad_request);
  on_writer<PushResponse>(
      asked,
      [this, request = *std::move(request)](sqlite::Database& db) {
        return apply(db, request, parts_.handler, parts_.random, parts_.clock.now());
      },
      [this, asked](PushResponse& made) {
        answer(*asked, encode(made));
        wake_waiting();
      });
}

void Engine::pull(const Bytes& plain, const std::shared_ptr<Asked>& asked) {
  const auto request = decode_pull_request(plain);
  if (!request) return refuse(asked->reply, bad_request);
  const auto until = Steady::now() + std::min(request->wait, most_wait);
  read_for(Waiting{*request, asked, until}, true);
}

void Engine::read_for(Waiting waiting, bool acknowledges) {
  auto asked = waiting.asked;
  const auto ack = waiting.request.ack;
  const auto most = std::min(waiting.request.max_bytes, most_pull_bytes);
  on_writer<PullResponse>(
      asked,
      [this, ack, most, acknowledges](sqlite::Database& db) -> Result<PullResponse> {
        PullResponse response;
        response.now = parts_.clock.now();
        const bool agreed = !acknowledges || TRY(acknowledge(db, ack));
        response.resync = !agreed;
        response.edge_epoch = TRY(read_state(db)).edge_epoch;
        if (response.resync) return response;
        auto found = TRY(read_events(db, ack, most));
        response.events = std::move(found.events);
        response.more = found.more;
        return response;
      },
      [this, waiting = std::move(waiting)](PullResponse& made) mutable {
        const bool now = is_stopping() || Steady::now() >= waiting.until || made.resync ||
                         !made.events.empty() || waiting_.size() >= most_waiting;
        if (now) return answer(*waiting.asked, encode(made));
        waiting_.push_back(std::move(waiting));
      });
}

void Engine::wake_waiting() {
  std::vector<Waiting> waiting;
  waiting.swap(waiting_);
  for (auto& each : waiting) read_for(std::move(each), false);
}

void Engine::answer_late_ones() {
  const bool stopping = is_stopping();
  const auto now = Steady::now();
  std::vector<Waiting> late;
  for (auto& waiting : waiting_)
    if (stopping || waiting.until <= now) late.push_back(std::move(waiting));
  std::erase_if(waiting_, [](const Waiting& waiting) { return waiting.asked == nullptr; });
  for (auto& waiting : late) read_for(std::move(waiting), false);
}

// One look at a time: commits that come meanwhile make one more. It also notes the count.
void Engine::look() {
  wake_waiting();
  if (looking_) return;
  looking_ = true;
  on_writer<InboxState>(
      nullptr, [](sqlite::Database& db) { return read_state(db); },
      [this](InboxState& /*state*/) { looking_ = false; });
}

void Engine::blob(const Bytes& plain, const std::shared_ptr<Asked>& asked) {
  auto request = decode_blob_request(plain);
  constexpr std::uint64_t most_blob = 4U << 20U;
  if (!request || request->length > most_blob) return refuse(asked->reply, bad_request);
  on_writer<BlobResponse>(
      asked,
      [this, request = *std::move(request)](sqlite::Database& db) {
        return parts_.handler.blob(db, request);
      },
      [this, asked](BlobResponse& made) { answer(*asked, encode(made)); });
}

Result<RekeyResponse> Engine::make_pending(const RekeyRequest& request, bool rotate) {
  if (request.epoch != keys_->epoch + 1) return Error{Code::invalid_input, "epoch of a rekey"};
  // Asked again, because our answer was lost: the same answer.
  const bool again = keys_->pending && keys_->pending->psk == request.psk;
  if (!again) {
    auto key = rotate ? StaticPrivateKey::random(parts_.random) : keys_->key.copy();
    keys_->pending = EdgeKeys::Pending{request.psk.copy(), std::move(key)};
    TRY(write_link_file(parts_.options.directory, *keys_));
  }
  const auto key = TRY(edge_public_key(keys_->pending->key));
  return RekeyResponse{request.epoch, key};
}

void Engine::rekey(const Bytes& plain, const std::shared_ptr<Asked>& asked) {
  auto decoded = decode_rekey_request(plain);
  if (!decoded) return refuse(asked->reply, bad_request);
  auto request = std::make_shared<RekeyRequest>(*std::move(decoded));
  on_writer<bool>(
      asked, [](sqlite::Database& db) -> Result<bool> { return TRY(read_state(db)).rotate_key; },
      [this, asked, request](bool& rotate) {
        const auto made = make_pending(*request, rotate);
        if (!made)
          return refuse(asked->reply, is_refusal(made.error()) ? bad_request : unavailable);
        on_writer<bool>(
            asked, [rotate](sqlite::Database& db) { return forget_rotation(db, rotate); },
            [this, asked, response = *made](bool&) { answer(*asked, encode(response)); });
      });
}

void Engine::give_key(const Reply& reply) {
  if (!load_keys() || keys_->epoch != 0 || keys_->kit_expires_at <= parts_.clock.now())
    return refuse(reply, not_found);
  const auto key = edge_public_key(keys_->key);
  if (!key) return refuse(reply, unavailable);
  const auto proof =
      enrolment_proof(keys_->psk, keys_->edge_id, *key, keys_->core_key, parts_.options.cert_pin());
  reply(ok, encode(EnrolmentKey{keys_->edge_id, *key, proof}));
}

Result<std::unique_ptr<Intake>> Intake::open(sqlite::Writer& writer, ItemHandler& handler,
                                             const Clock& clock, Random& random,
                                             IntakeOptions options) {
  auto count = TRY(ChangeCount::open(options.directory));
  const auto noted = count.value();
  InboxState state;
  auto begun = writer.run([&](sqlite::Database& db) -> Outcome {
    state = TRY(begin(db, random, noted));
    return {};
  });
  TRY(std::move(begun));
  if (state.closed)
    log::warning("edge_restored", {{"changes", state.changes}, {"changes_noted", noted}});
  Engine::Parts parts{writer, handler, clock, random, std::move(options)};
  return std::unique_ptr<Intake>{
      std::make_unique<Engine>(std::move(parts), std::move(count), state)};
}

}  // namespace sp::pushpull
