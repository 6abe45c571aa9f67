// The PostgreSQL engine. The only file that knows libpqxx: 6.4 on Debian 12, 7.10 on Debian 13.
// Its exceptions end here, as a Code and the SQLSTATE; its sentences quote data and are dropped.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <pqxx/pqxx>
#pragma GCC diagnostic pop

#include <charconv>
#include <map>
#include <optional>

#include "core/store/internal/connection.h"

namespace sp::store::internal {
namespace {

// Parameters travel as text, so that PostgreSQL gives each the type of its place; bytes in hex.
using Wire = std::optional<std::string>;

Wire wire_of(const Parameter& parameter) {
  struct {
    Wire operator()(std::nullptr_t) const { return std::nullopt; }
    Wire operator()(std::int64_t number) const { return std::to_string(number); }
    Wire operator()(std::string_view text) const { return std::string{text}; }
    Wire operator()(BytesView view) const { return "\\x" + bytes::hex(view); }
  } as_text;
  return std::visit(as_text, parameter.held());
}

}  // namespace
}  // namespace sp::store::internal

#if PQXX_VERSION_MAJOR < 7
namespace sp::store::internal {
struct WireRef {
  const Wire* wire;
};
}  // namespace sp::store::internal
template <>
struct pqxx::string_traits<sp::store::internal::WireRef> {
  static constexpr const char* name() noexcept { return "text"; }
  static constexpr bool has_null() noexcept { return true; }
  static bool is_null(const sp::store::internal::WireRef& ref) { return !ref.wire->has_value(); }
  static std::string to_string(const sp::store::internal::WireRef& ref) { return **ref.wire; }
};
#endif

namespace sp::store::internal {
namespace {

pqxx::result run_prepared(pqxx::transaction_base& transaction, const std::string& statement,
                          std::span<const Parameter> values) {
  std::vector<Wire> wires;
  wires.reserve(values.size());
  for (const auto& value : values) wires.push_back(wire_of(value));
#if PQXX_VERSION_MAJOR < 7
  std::vector<WireRef> refs;
  refs.reserve(wires.size());
  for (const auto& wire : wires) refs.push_back({&wire});
  return transaction.exec_prepared(statement, pqxx::prepare::make_dynamic_params(refs));
#else
  pqxx::params params;
  params.reserve(wires.size());
  for (const auto& wire : wires) params.append(wire);
#if PQXX_VERSION_MINOR >= 10
  return transaction.exec(pqxx::prepped{statement}, params);
#else
  return transaction.exec_prepared(statement, params);
#endif
#endif
}

// Types by the numbers of pg_type.
Row::Column column_of(const pqxx::field& field, unsigned type) {
  if (field.is_null()) return nullptr;
  const std::string_view text{field.c_str(), field.size()};
  switch (type) {
    case 16:  // bool
      return std::int64_t{text == "t"};
    case 20:    // int8
    case 21:    // int2
    case 23:    // int4
    case 1700:  // numeric: sum() of int8
    {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case 17: {  // bytea, as \x and hex
      auto decoded = bytes::from_hex(text.substr(2));
      return decoded ? Row::Column{std::move(*decoded)} : Row::Column{nullptr};
    }
    default:
      return std::string{text};
  }
}

Answer answer_of(const pqxx::result& result) {
  Answer answer;
  answer.changed = static_cast<std::int64_t>(result.affected_rows());
  if (result.columns() == 0) return answer;
  answer.rows.reserve(static_cast<std::size_t>(result.size()));
  for (const auto& row : result) {
    std::vector<Row::Column> columns;
    columns.reserve(static_cast<std::size_t>(row.size()));
    for (const auto& field : row) columns.push_back(column_of(field, field.type()));
    answer.rows.emplace_back(std::move(columns));
  }
  return answer;
}

struct Failure {
  Code code;
  bool try_again, lost;
};
Failure failure_of(std::string_view state) {
  if (state == "40001" || state == "40P01" || state == "55P03")
    return {Code::conflict, true, false};
  const auto kind = state.substr(0, 2);
  if (kind == "08" || state == "57P01" || state == "57P02" || state == "57P03")
    return {Code::unavailable, true, true};
  if (kind == "53" || kind == "57" || kind == "58") return {Code::unavailable, false, true};
  if (state == "25006")
    return {Code::unavailable, false, true};  // a standby: not the leader any more
  if (kind == "23") return {Code::conflict, false, false};
  if (kind == "XX") return {Code::corrupt, false, false};
  return {Code::internal, false, false};
}

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(const std::string& url) : connection_(url) {
    // One text for libpqxx 6 and 7, whose calls for this differ.
    pqxx::nontransaction{connection_}.exec(
        "SET client_min_messages = error; SET bytea_output = hex; "
        "SET standard_conforming_strings = on; SET lock_timeout = '15s'; "
        "SET idle_in_transaction_session_timeout = '60s'");
  }

  Outcome begin(Access access) override {
    start_clean();
    return guarded([&] {
      transaction_ = std::make_unique<pqxx::nontransaction>(connection_);
      transaction_->exec(access == Access::write
                             ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                             : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    });
  }
  Outcome commit() override {
    committing_ = true;
    auto outcome = guarded([&] { transaction_->exec("COMMIT"); });
    committing_ = false;
    transaction_.reset();
    return outcome;
  }
  void rollback() override {
    if (!transaction_) return;
    if (!lost()) (void)guarded([&] { transaction_->exec("ROLLBACK"); });
    transaction_.reset();
  }
  Result<Answer> execute(std::string_view sql, std::span<const Parameter> values) override {
    Answer answer;
    TRY(guarded([&] { answer = answer_of(run_prepared(*transaction_, prepared(sql), values)); }));
    return answer;
  }
  Outcome script(const std::string& sql) override {
    return guarded([&] { transaction_->exec(sql); });
  }
  Outcome lock(std::string_view name) override {
    const std::string key{name};
    const Parameter value{key};
    const auto taken =
        TRY(execute("SELECT pg_advisory_xact_lock(hashtext($1))::text", {&value, 1}));
    return {};
  }
  Outcome administer(const std::string& sql) override {
    return guarded([&] { pqxx::nontransaction{connection_}.exec(sql); });
  }
  [[nodiscard]] Engine engine() const override { return Engine::postgres; }

 private:
  // Statements are prepared once for each connection. They come from our code, so they are few.
  const std::string& prepared(std::string_view sql) {
    if (const auto known = statements_.find(sql); known != statements_.end()) return known->second;
    auto name = "s" + std::to_string(statements_.size());
    connection_.prepare(name, std::string{sql});
    return statements_.emplace(std::string{sql}, std::move(name)).first->second;
  }

  template <class Work>
  Outcome guarded(Work&& work) {
    try {
      work();
      return {};
    } catch (const pqxx::broken_connection&) {
      return away();
    } catch (const pqxx::sql_error& error) {
      const auto failure = failure_of(error.sqlstate());
      note(failure.try_again && !committing_in_doubt(failure), failure.lost);
      return Error{failure.code, "postgresql: sqlstate " + error.sqlstate()};
#if PQXX_VERSION_MAJOR < 7  // a sql_error with its SQLSTATE since then
    } catch (const pqxx::transaction_rollback&) {
      note(true, false);
      return Error{Code::conflict, "postgresql: serialisation failure or deadlock"};
#endif
    } catch (const std::exception& error) {
      note(false, true);
      return Error{Code::internal, std::string{"postgresql: "} + typeid(error).name()};
    }
  }
  [[nodiscard]] bool committing_in_doubt(const Failure& failure) const {
    return committing_ && failure.lost;
  }
  // Lost while committing: nobody can say whether it is done, so it is not run again.
  Outcome away() {
    note(!committing_, true);
    return Error{Code::unavailable, "the database does not answer (postgresql connection lost)"};
  }

  pqxx::connection connection_;  // outlives the transaction
  std::unique_ptr<pqxx::nontransaction> transaction_;
  std::map<std::string, std::string, std::less<>> statements_;
  bool committing_ = false;
};

Result<std::unique_ptr<Connection>> connect(const std::string& url) {
  try {
    return std::unique_ptr<Connection>{std::make_unique<PostgresConnection>(url)};
  } catch (const pqxx::broken_connection&) {
    return Error{Code::unavailable, "the database does not answer (postgresql connect)"};
  } catch (const pqxx::sql_error& error) {
    return Error{Code::unavailable, "the database refuses us: sqlstate " + error.sqlstate()};
  } catch (const std::exception& error) {
    return Error{Code::unavailable,
                 std::string{"the database url is not usable: "} + typeid(error).name()};
  }
}

// A dead server must not hold a request for minutes.
std::string with_timeouts(const std::string& url) {
  if (url.find("connect_timeout") != std::string::npos) return url;
  return url + (url.find('?') == std::string::npos ? "?" : "&") +
         "connect_timeout=5&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&tcp_user_"
         "timeout=20000";
}

}  // namespace

Result<Driver> postgres_driver(const Options& options) {
  Driver driver;
  driver.engine = Engine::postgres;
  driver.reader = [url = with_timeouts(options.url)] { return connect(url); };
  driver.readers = options.connections;
  driver.writers = 0;
  return driver;
}

}  // namespace sp::store::internal
