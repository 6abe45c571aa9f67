// The SQLite engine: one writing connection, several reading ones, on one file in WAL mode.
#include <sqlite3.h>

#include <filesystem>

#include "base/sqlite/database.h"
#include "core/store/internal/connection.h"

namespace sp::store::internal {
namespace {

// SQLite numbers ?1 as we number $1, whatever the order in which they appear.
std::string with_question_marks(std::string_view sql) {
  std::string out{sql};
  bool quoted = false;
  for (char& c : out) {
    if (c == '\'') quoted = !quoted;
    if (c == '$' && !quoted) c = '?';
  }
  return out;
}

Row::Column column_of(const sqlite::Statement& statement, int column) {
  switch (statement.type(column)) {
    case SQLITE_INTEGER:
      return statement.integer(column);
    case SQLITE_TEXT:
      return statement.text(column);
    case SQLITE_BLOB:
      return statement.blob(column);
    default:
      return nullptr;
  }
}

Row row_of(const sqlite::Statement& statement) {
  std::vector<Row::Column> columns;
  const int count = statement.column_count();
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) columns.push_back(column_of(statement, i));
  return Row{std::move(columns)};
}

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(sqlite::Database db) : db_(std::move(db)) {}

  Outcome begin(Access access) override {
    start_clean();
    return noted(db_.script(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  }
  Outcome commit() override { return noted(db_.script("COMMIT")); }
  void rollback() override {
    if (::sqlite3_get_autocommit(db_.raw()) == 0) (void)db_.script("ROLLBACK");
  }
  Result<Answer> execute(std::string_view sql, std::span<const Parameter> values) override {
    return noted(run(sql, values));
  }
  Outcome script(const std::string& sql) override { return noted(db_.script(sql)); }
  Outcome lock(std::string_view) override { return {}; }
  Outcome administer(const std::string& sql) override { return noted(db_.script(sql)); }
  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }

 private:
  Result<Answer> run(std::string_view sql, std::span<const Parameter> values) {
    auto statement = TRY(db_.prepare(with_question_marks(sql)));
    int index = 0;
    for (const auto& value : values) {
      ++index;
      TRY(std::visit([&](const auto& held) { return statement.bind(index, held); }, value.held()));
    }
    Answer answer;
    const auto before = ::sqlite3_total_changes(db_.raw());
    while (TRY(statement.step())) answer.rows.push_back(row_of(statement));
    answer.changed = ::sqlite3_total_changes(db_.raw()) == before ? 0 : db_.changes();
    return answer;
  }
  template <class T>
  Result<T> noted(Result<T> result) {
    if (result) return result;
    const int code = ::sqlite3_errcode(db_.raw()) & 0xFF;
    note(code == SQLITE_BUSY || code == SQLITE_LOCKED,
         code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_READONLY ||
             code == SQLITE_CORRUPT || code == SQLITE_NOTADB);
    return result;
  }
  sqlite::Database db_;
};

Result<std::unique_ptr<Connection>> connect(const std::string& path, const Options& options,
                                            Access access) {
  sqlite::Options how;
  how.create = access == Access::write;
  how.busy_timeout = options.patience;
  auto db = TRY(sqlite::Database::open(path, how).within("open the database file " + path));
  if (access == Access::read) TRY(db.script("PRAGMA query_only=ON"));
  return std::unique_ptr<Connection>{std::make_unique<SqliteConnection>(std::move(db))};
}

}  // namespace

Result<Driver> sqlite_driver(const std::string& path, const Options& options) {
  if (path.empty())
    return Error{Code::invalid_input, "the database url has no path: sqlite:core.sqlite"};
  const auto folder = std::filesystem::path{path}.parent_path();
  std::error_code none;
  if (!folder.empty() && !std::filesystem::is_directory(folder, none))
    return Error{Code::unavailable,
                 "the folder of the database does not exist: " + folder.string()};
  Driver driver;
  driver.engine = Engine::sqlite;
  driver.reader = [=] { return connect(path, options, Access::read); };
  driver.writer = [=] { return connect(path, options, Access::write); };
  driver.readers = options.connections;
  driver.writers = 1;
  return driver;
}

}  // namespace sp::store::internal
