#pragma once
// What an engine gives to the store. One connection is used by one thread at a time.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "core/store/store.h"

namespace sp::store::internal {

enum class Access : std::uint8_t { read, write };

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  virtual Outcome begin(Access access) = 0;
  virtual Outcome commit() = 0;
  virtual void rollback() = 0;
  virtual Result<Answer> execute(std::string_view sql, std::span<const Parameter> values) = 0;
  /// Several statements without values, inside a transaction: migrations.
  virtual Outcome script(const std::string& sql) = 0;
  virtual Outcome lock(std::string_view name) = 0;
  /// One statement outside of any transaction (CREATE DATABASE); for tests and administration.
  virtual Outcome administer(const std::string& sql) = 0;
  [[nodiscard]] virtual Engine engine() const = 0;

  /// The last failure is one after which the same transaction may succeed.
  [[nodiscard]] bool may_try_again() const { return try_again_; }
  /// This connection is of no further use.
  [[nodiscard]] bool lost() const { return lost_; }
  /// A statement of the running transaction failed.
  [[nodiscard]] bool failed() const { return failed_; }

 protected:
  void start_clean() { try_again_ = failed_ = false; }
  void note(bool try_again, bool lost) {
    failed_ = true;
    try_again_ = try_again;
    lost_ = lost_ || lost;
  }

 private:
  bool try_again_ = false, lost_ = false, failed_ = false;
};

using Connect = std::function<Result<std::unique_ptr<Connection>>()>;

/// What an engine is to the pool: how to connect, and how many at most.
struct Driver {
  Engine engine = Engine::sqlite;
  Connect reader, writer;
  std::size_t readers = 1,
              writers = 1;  ///< writers == 0: writing takes from the readers' connections
};
Result<Driver> sqlite_driver(const std::string& path, const Options& options);
Result<Driver> postgres_driver(const Options& options);

}  // namespace sp::store::internal
