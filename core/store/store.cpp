#include "core/store/store.h"

#include <thread>

#include "base/log/log.h"
#include "core/store/internal/connection.h"
#include "core/store/internal/pool.h"

namespace sp::store {
namespace {

constexpr int most_attempts = 8;
constexpr std::string_view sqlite_scheme = "sqlite:";

Result<internal::Driver> driver_for(const Options& options) {
  if (options.url.starts_with(sqlite_scheme))
    return internal::sqlite_driver(options.url.substr(sqlite_scheme.size()), options);
  if (options.url.starts_with("postgresql://") || options.url.starts_with("postgres://"))
    return internal::postgres_driver(options);
  return Error{Code::invalid_input,
               "the database url begins with neither sqlite: nor postgresql://"};
}

// 1, 2, 4 ... ms, so that those who met do not meet again.
void back_off(int attempt) {
  const auto spread = std::hash<std::thread::id>{}(std::this_thread::get_id()) % 3;
  std::this_thread::sleep_for(std::chrono::milliseconds{(1 << attempt) + static_cast<int>(spread)});
}

}  // namespace

Transaction::~Transaction() = default;

Result<Answer> Transaction::execute_list(std::string_view sql, std::span<const Parameter> values) {
  if (connection_->failed())
    return Error{Code::internal, "a statement of this transaction failed before"};
  return connection_->execute(sql, values);
}

Outcome Transaction::script(const std::string& sql) {
  if (connection_->failed())
    return Error{Code::internal, "a statement of this transaction failed before"};
  return connection_->script(sql);
}

Outcome Transaction::lock(std::string_view name) {
  return connection_->lock(name);
}

void Transaction::after_commit(std::function<void()> what) {
  after_commit_.push_back(std::move(what));
}

Engine Transaction::engine() const {
  return connection_->engine();
}

Store::Store(std::unique_ptr<internal::Pool> pool) : pool_(std::move(pool)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(Options options) {
  auto driver = TRY(driver_for(options));
  std::unique_ptr<Store> store{
      new Store{std::make_unique<internal::Pool>(std::move(driver), options.patience)}};
  const auto ask = [](Transaction& transaction) -> Outcome {
    TRY(transaction.query("SELECT 1"));
    return {};
  };
  TRY(store->write(ask));
  return store;
}

Outcome Store::attempt(Mode mode, const std::function<Outcome(Transaction&)>& work) {
  for (int attempt = 1;; ++attempt) {
    bool again = false;
    auto outcome = attempt_once(mode, work, again);
    if (outcome || !again || attempt == most_attempts) return outcome;
    back_off(attempt);
  }
}

Outcome Store::attempt_once(Mode mode, const std::function<Outcome(Transaction&)>& work,
                            bool& again) {
  const auto access = mode == Mode::write ? internal::Access::write : internal::Access::read;
  auto lease = TRY(pool_->take(access));
  Transaction transaction{*lease};
  auto outcome = lease->begin(access);
  if (outcome) outcome = work(transaction);
  if (outcome && lease->failed())
    outcome = Error{Code::internal, "a failed statement was not reported"};
  if (outcome) outcome = lease->commit();
  if (!outcome) {
    again = lease->failed() && lease->may_try_again();
    if (lease->lost()) pool_->forget_idle();
    lease->rollback();
    return outcome;
  }
  for (const auto& what : transaction.after_commit_) what();
  return {};
}

Outcome Store::ping() {
  return read([](Transaction& transaction) -> Outcome {
    TRY(transaction.query("SELECT 1"));
    return {};
  });
}

Engine Store::engine() const {
  return pool_->engine();
}

}  // namespace sp::store
