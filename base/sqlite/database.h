#pragma once
// SQLite with its rules built in: values are bound, tables are STRICT, errors carry codes and never
// a bound value, a transaction rolls back unless it was committed.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace sp::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* db) const noexcept;
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept;
};
struct ResetStatement {  // gives a cached statement back, unbound
  void operator()(sqlite3_stmt* statement) const noexcept;
};

/// A running statement, positioned before its first row. Column reads are valid after a `step` that
/// said true, until the next.
class Statement {
 public:
  /// Moves to the next row; false once there is none.
  Result<bool> step();
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes blob(int column) const;
  /// Without a copy; valid until the next step.
  [[nodiscard]] BytesView blob_view(int column) const;
  [[nodiscard]] int column_count() const;
  /// SQLITE_INTEGER and so on.
  [[nodiscard]] int type(int column) const;

  Outcome bind(int index, std::int64_t value);
  Outcome bind(int index, std::string_view value);
  Outcome bind(int index, BytesView value);
  Outcome bind(int index, std::nullptr_t);
  Outcome bind(int index, const Bytes& value) { return bind(index, BytesView{value}); }
  Outcome bind(int index, const char* value) { return bind(index, std::string_view{value}); }
  Outcome bind(int index, int value) { return bind(index, std::int64_t{value}); }
  Outcome bind(int index, bool) = delete;
  template <std::size_t N>
  Outcome bind(int index, const std::array<std::byte, N>& value) {
    return bind(index, BytesView{value});
  }
  template <class T>
  Outcome bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, nullptr);
  }

 private:
  friend class Database;
  Statement(sqlite3* db, sqlite3_stmt* cached) : db_(db), statement_(cached) {}
  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, ResetStatement> statement_;
};

enum class Durability : std::uint8_t { full, normal };  ///< PRAGMA synchronous
struct Options {
  bool create = true;
  bool read_only = false;
  Durability durability = Durability::full;
  std::chrono::milliseconds busy_timeout{5000};
};

/// One connection in WAL mode with foreign keys and secure_delete on, used by one thread at a time.
/// Prepared statements are kept and used again.
class Database {
 public:
  static Result<Database> open(const std::string& path, const Options& options = {});

  /// Prepares `sql` and binds `values` to ?1, ?2, ... in their order.
  template <class... Values>
  Result<Statement> query(std::string_view sql, const Values&... values) {
    auto statement = TRY(prepare(sql));
    int index = 0;
    Outcome bound;
    ((bound = bound ? statement.bind(++index, values) : std::move(bound)), ...);
    TRY(std::move(bound));
    return statement;
  }
  /// Runs `sql` to its end and says how many rows it changed.
  template <class... Values>
  Result<std::int64_t> run(std::string_view sql, const Values&... values) {
    auto statement = TRY(query(sql, values...));
    while (TRY(statement.step())) {
    }
    return changes();
  }
  /// Several statements without values: schemas, pragmas.
  Outcome script(const std::string& sql);
  /// Prepares without binding, for callers that bind by themselves.
  Result<Statement> prepare(std::string_view sql);
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_row_id() const;
  [[nodiscard]] sqlite3* raw() const { return db_.get(); }

 private:
  explicit Database(sqlite3* raw) : db_(raw) {}
  using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;
  std::unique_ptr<sqlite3, CloseDatabase> db_;  // outlives the statements below
  std::map<std::string, Prepared, std::less<>> cache_;
};

/// BEGIN IMMEDIATE in `begin`; rolled back unless `commit` was reached.
class Transaction {
 public:
  static Result<Transaction> begin(Database& db);
  Outcome commit() &&;
  Transaction(Transaction&& other) noexcept : db_(std::exchange(other.db_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

 private:
  explicit Transaction(Database& db) : db_(&db) {}
  Database* db_;
};

/// The Code for an SQLite result code: SQLITE_BUSY is `conflict`, a full disk, an unreadable file
/// or a failed read or write `unavailable`, a damaged file `corrupt`, a violated constraint
/// `conflict`.
Code code_of(int result);

}  // namespace sp::sqlite
