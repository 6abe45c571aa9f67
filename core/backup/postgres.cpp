#include "core/backup/postgres.h"

#include "base/setup/programs.h"

namespace sp::backup {
namespace {

constexpr std::string_view aside_prefix = "sallyport_before_";

Outcome run(const std::vector<std::string>& command) {
  const auto ran = setup::run(command);
  if (!ran)
    return Error{Code::unavailable,
                 command.front() +
                     " is needed: install postgresql-client, of the server's version "
                     "or newer"};
  if (ran->status == 0) return {};
  // Its first line names the trouble; the data is not in it.
  return Error{Code::unavailable,
               command.front() + ": " + ran->output.substr(0, ran->output.find('\n'))};
}

// "postgresql://user:password@host/…" and "password=…" are of libpq's two forms.
Outcome without_password(const std::string& url) {
  const auto scheme = url.find("://");
  const auto at = url.find('@');
  const bool in_authority = scheme != std::string::npos && at != std::string::npos &&
                            url.substr(scheme + 3, at - scheme - 3).find(':') != std::string::npos;
  if (!in_authority && url.find("password=") == std::string::npos) return {};
  return Error{Code::invalid_input,
               "the database's password stands in its URL, where a command line would show it; put "
               "it into ~/.pgpass of the core's user"};
}

Result<std::string> current_schema(store::Transaction& tx) {
  const auto row = TRY(tx.one("SELECT quote_ident(current_schema())"));
  return row->text(0);
}

// Names come quoted from the catalogue.
Result<store::Rows> tables_of(store::Transaction& tx, const std::string& schema) {
  return tx.query("SELECT quote_ident(tablename) FROM pg_tables WHERE quote_ident(schemaname) = $1",
                  schema);
}

Outcome move_tables(store::Transaction& tx, const std::string& from, const std::string& to) {
  for (const auto& row : TRY(tables_of(tx, from)))
    TRY(tx.run("ALTER TABLE " + from + "." + row.text(0) + " SET SCHEMA " + to));
  return {};
}

}  // namespace

Outcome dump(const std::string& url, const std::filesystem::path& to) {
  TRY(without_password(url));
  return run({"pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password",
              "--exclude-schema=" + std::string{aside_prefix} + "*", "--file=" + to.string(),
              "--dbname=" + url});
}

Outcome load(const std::string& url, const std::filesystem::path& from) {
  TRY(without_password(url));
  return run({"pg_restore", "--no-owner", "--no-privileges", "--no-password",
              "--single-transaction", "--exit-on-error", "--dbname=" + url, from.string()});
}

std::string name_of_aside(Instant now) {
  return std::string{aside_prefix} + std::to_string(to_millis(now) / 1000);
}

Result<std::size_t> put_tables_aside(store::Store& store, const std::string& schema) {
  return store
      .write([&](store::Transaction& tx) -> Result<std::size_t> {
        const auto from = TRY(current_schema(tx));
        const auto count = TRY(tables_of(tx, from)).size();
        if (count == 0) return count;
        TRY(tx.run("CREATE SCHEMA " + schema));
        TRY(move_tables(tx, from, schema));
        return count;
      })
      .within("keep what stands in the schema " + schema +
              "; the core's user must own the database");
}

Outcome take_tables_back(store::Store& store, const std::string& schema) {
  return store.write([&](store::Transaction& tx) -> Outcome {
    const auto to = TRY(current_schema(tx));
    TRY(move_tables(tx, schema, to));
    TRY(tx.run("DROP SCHEMA " + schema));
    return {};
  });
}

Outcome check_dump(const std::filesystem::path& dump) {
  return run({"pg_restore", "--list", dump.string()});
}

}  // namespace sp::backup
