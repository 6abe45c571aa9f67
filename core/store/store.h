#pragma once
// The core's database: one SQL text over SQLite and PostgreSQL.
//
// SQL: parameters are $1, $2, ...; the common subset of both engines (UPSERT, RETURNING, CTE,
// partial indexes, no triggers, no engine's JSON functions, no collations); 64-bit integers, text
// and bytes; times are milliseconds since 1970 UTC, flags are 0 and 1, outside ids are text. Cast a
// parameter whose type does not follow from its place: CAST($1 AS BIGINT).
//
// A failed statement ends its transaction on both engines, so that "insert and see whether it
// clashes" is written ON CONFLICT DO NOTHING and `changed`. Read-modify-write is guarded: UPDATE
// ... WHERE id = $1 AND revision = $2, then look at `changed`; or take a `lock` first.

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result/result.h"
#include "core/store/value.h"

namespace sp::store {

enum class Engine : std::uint8_t { sqlite, postgres };

namespace internal {
class Connection;
class Pool;
}  // namespace internal

/// A running transaction. Made by Store alone; used on one thread, inside `read` or `write` only.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  /// Runs one statement to its end.
  template <class... Values>
  Result<Answer> execute(std::string_view sql, const Values&... values) {
    return execute_bound(sql, {Parameter{values}...});
  }
  Result<Answer> execute_bound(std::string_view sql, std::initializer_list<Parameter> values) {
    return execute_list(sql, {values.begin(), values.size()});
  }
  /// For a list that is put together while running.
  Result<Answer> execute_list(std::string_view sql, std::span<const Parameter> values);
  /// The rows of a SELECT or of a RETURNING.
  template <class... Values>
  Result<Rows> query(std::string_view sql, const Values&... values) {
    auto answer = TRY(execute(sql, values...));
    return std::move(answer.rows);
  }
  /// The first row, if there is one.
  template <class... Values>
  Result<std::optional<Row>> one(std::string_view sql, const Values&... values) {
    auto answer = TRY(execute(sql, values...));
    std::optional<Row> first;
    if (!answer.rows.empty()) first = std::move(answer.rows.front());
    return first;
  }
  /// How many rows it changed.
  template <class... Values>
  Result<std::int64_t> run(std::string_view sql, const Values&... values) {
    const auto answer = TRY(execute(sql, values...));
    return answer.changed;
  }
  /// Several statements without values; for migrations.
  Outcome script(const std::string& sql);
  /// Waits until no other writing transaction holds the lock of this name; kept to the end of the
  /// transaction. (SQLite has one writer at a time, so there it holds already.)
  Outcome lock(std::string_view name);
  /// `what` runs after the COMMIT is durable, on this thread, in the order of the calls; never when
  /// the transaction is rolled back or run again. It must not use the store.
  void after_commit(std::function<void()> what);

  [[nodiscard]] Engine engine() const;

 private:
  friend class Store;
  explicit Transaction(internal::Connection& connection) : connection_(&connection) {}
  internal::Connection* connection_;
  std::vector<std::function<void()>> after_commit_;
};

struct Options {
  /// "sqlite:PATH" or "postgresql://user@host/database" (any libpq URL).
  std::string url;
  std::size_t connections = 8;  ///< readers for SQLite (plus the one writer), all for PostgreSQL
  std::chrono::milliseconds patience{5000};  ///< for a free connection, or for the writer's turn
};

/// The pool of connections. Safe from every thread. When the database is away every call answers
/// `unavailable` with a detail that says so, and works again once it is back.
class Store {
 public:
  /// Connects once, so that a wrong address is seen at start. Does not migrate.
  static Result<std::unique_ptr<Store>> open(Options options);
  ~Store();

  /// Runs `work(Transaction&)` on one consistent snapshot and gives what it gave. Writes are
  /// refused. `work` may be run again (a lost connection), so it changes nothing outside itself but
  /// by assignment. Never call the store from inside.
  template <class Work>
  std::invoke_result_t<Work&, Transaction&> read(Work&& work) {
    return perform(Mode::read, work);
  }
  /// The same with writing. Committed, durably, when `work` succeeds; rolled back when it fails.
  /// Run again on a serialisation failure, a deadlock or a busy file, up to 8 times. SQLite: one
  /// writer at a time. PostgreSQL: READ COMMITTED, see the top of this file.
  template <class Work>
  std::invoke_result_t<Work&, Transaction&> write(Work&& work) {
    return perform(Mode::write, work);
  }

  /// Brings the schema up to date: every migration that the database lacks, in order, one
  /// transaction each. `conflict` when an applied one differs from ours (its checksum),
  /// `invalid_input` when the database is newer than this program. Safe when several cores start at
  /// once.
  Outcome migrate(const Clock& clock);
  /// One statement, to see whether the database answers.
  Outcome ping();

  [[nodiscard]] Engine engine() const;

 private:
  enum class Mode : std::uint8_t { read, write };
  explicit Store(std::unique_ptr<internal::Pool> pool);

  template <class Work>
  auto perform(Mode mode, Work& work) -> std::invoke_result_t<Work&, Transaction&> {
    using Given = std::invoke_result_t<Work&, Transaction&>;
    std::optional<Given> given;
    auto outcome = attempt(mode, [&](Transaction& transaction) -> Outcome {
      given.emplace(work(transaction));
      if (*given) return {};
      return given->error();
    });
    if (!outcome) return std::move(outcome).error();
    return std::move(*given);
  }
  Outcome attempt(Mode mode, const std::function<Outcome(Transaction&)>& work);
  Outcome attempt_once(Mode mode, const std::function<Outcome(Transaction&)>& work, bool& again);

  std::unique_ptr<internal::Pool> pool_;
};

}  // namespace sp::store
