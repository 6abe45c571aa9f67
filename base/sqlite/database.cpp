#include "base/sqlite/database.h"

#include <sqlite3.h>

namespace sp::sqlite {
namespace {

// The code and its fixed text, never sqlite3_errmsg: messages of FTS5 and JSON paths quote the
// value.
Error failure(sqlite3* db, std::string_view step) {
  const int code = ::sqlite3_extended_errcode(db);
  const std::string text = ::sqlite3_errstr(code);
  return Error{code_of(code), text + " (sqlite " + std::to_string(code) + ")"}.within(step);
}

std::size_t column_size(sqlite3_stmt* statement, int column) {
  return static_cast<std::size_t>(::sqlite3_column_bytes(statement, column));
}

std::string pragmas(const Options& options) {
  std::string sql = "PRAGMA busy_timeout=" + std::to_string(options.busy_timeout.count()) + ";";
  sql +=
      "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA "
      "temp_store=MEMORY;";
  if (options.read_only) return sql;
  sql += "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-8000;";
  sql += options.durability == Durability::full ? "PRAGMA synchronous=FULL;"
                                                : "PRAGMA synchronous=NORMAL;";
  return sql;
}

// SQLite counts its memory under one lock for all connections, for figures that nobody asks for.
void count_no_memory() {
  static const int done = ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  ensure(done == SQLITE_OK);
}

}  // namespace

void CloseDatabase::operator()(sqlite3* db) const noexcept {
  ::sqlite3_close_v2(db);
}
void Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  ::sqlite3_finalize(statement);
}
void ResetStatement::operator()(sqlite3_stmt* statement) const noexcept {
  ::sqlite3_reset(statement);
  ::sqlite3_clear_bindings(statement);
}

Code code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
      return Code::conflict;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return Code::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    default:
      return Code::internal;
  }
}

Result<Database> Database::open(const std::string& path, const Options& options) {
  count_no_memory();
  sqlite3* raw = nullptr;
  int flags = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.create && !options.read_only) flags |= SQLITE_OPEN_CREATE;
  const int rc = ::sqlite3_open_v2(path.c_str(), &raw,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Database db{raw};  // SQLite gives a handle even when it fails; it must be closed
  if (rc != SQLITE_OK) return failure(raw, "open database");
  TRY(db.script(pragmas(options)));
  return db;
}

Outcome Database::script(const std::string& sql) {
  if (::sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure(db_.get(), "run script");
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (const auto found = cache_.find(sql); found != cache_.end()) {
    ensure(::sqlite3_stmt_busy(found->second.get()) ==
           0);  // the same text is being stepped already
    return Statement{db_.get(), found->second.get()};
  }
  sqlite3_stmt* raw = nullptr;
  const int size = static_cast<int>(sql.size());
  if (::sqlite3_prepare_v3(db_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) !=
      SQLITE_OK)
    return failure(db_.get(), "prepare");
  cache_.emplace(sql, Prepared{raw});
  return Statement{db_.get(), raw};
}

std::int64_t Database::changes() const {
  return ::sqlite3_changes64(db_.get());
}
std::int64_t Database::last_row_id() const {
  return ::sqlite3_last_insert_rowid(db_.get());
}

Outcome Statement::bind(int index, std::int64_t value) {
  if (::sqlite3_bind_int64(statement_.get(), index, value) != SQLITE_OK)
    return failure(db_, "bind");
  return {};
}

Outcome Statement::bind(int index, std::string_view value) {
  const auto* data = value.data() == nullptr ? "" : value.data();
  if (::sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8) != SQLITE_OK)
    return failure(db_, "bind");
  return {};
}

Outcome Statement::bind(int index, BytesView value) {
  const auto* data = value.empty() ? static_cast<const void*>("") : value.data();
  if (::sqlite3_bind_blob64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT) !=
      SQLITE_OK)
    return failure(db_, "bind");
  return {};
}

Outcome Statement::bind(int index, std::nullptr_t) {
  if (::sqlite3_bind_null(statement_.get(), index) != SQLITE_OK) return failure(db_, "bind");
  return {};
}

Result<bool> Statement::step() {
  switch (::sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return failure(db_, "step");
  }
}

bool Statement::is_null(int column) const {
  return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return ::sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* chars =
      reinterpret_cast<const char*>(::sqlite3_column_text(statement_.get(), column));
  return chars == nullptr ? std::string{}
                          : std::string{chars, column_size(statement_.get(), column)};
}

BytesView Statement::blob_view(int column) const {
  const auto* data = static_cast<const std::byte*>(::sqlite3_column_blob(statement_.get(), column));
  return data == nullptr ? BytesView{} : BytesView{data, column_size(statement_.get(), column)};
}

Bytes Statement::blob(int column) const {
  return bytes::copy(blob_view(column));
}
int Statement::type(int column) const {
  return ::sqlite3_column_type(statement_.get(), column);
}
int Statement::column_count() const {
  return ::sqlite3_column_count(statement_.get());
}

Result<Transaction> Transaction::begin(Database& db) {
  TRY(db.run("BEGIN IMMEDIATE"));
  return Transaction{db};
}

Outcome Transaction::commit() && {
  TRY(db_->run("COMMIT"));
  db_ = nullptr;
  return {};
}

Transaction::~Transaction() {
  if (db_ != nullptr) static_cast<void>(db_->run("ROLLBACK"));
}

}  // namespace sp::sqlite
