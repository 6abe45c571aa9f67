#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "core/store/internal/connection.h"

namespace sp::store::internal {

/// Connections that are made when they are needed, kept, and given to one thread at a time.
class Pool {
 public:
  Pool(Driver driver, std::chrono::milliseconds patience)
      : driver_(std::move(driver)), patience_(patience) {}

  /// Gives its connection back, or closes it when it was lost.
  class Lease {
   public:
    Lease(Pool& pool, Access access, std::unique_ptr<Connection> connection)
        : pool_(&pool), access_(access), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Pool* pool_;
    Access access_;
    std::unique_ptr<Connection> connection_;
  };

  Result<Lease> take(Access access);
  /// Closes what is idle: after a failure that will have met them all.
  void forget_idle();
  [[nodiscard]] Engine engine() const { return driver_.engine; }

 private:
  struct Shelf {
    std::vector<std::unique_ptr<Connection>> idle;
    std::size_t out = 0;
    std::condition_variable back;
  };
  Shelf& shelf(Access access) {
    return access == Access::write && driver_.writers > 0 ? writers_ : readers_;
  }
  [[nodiscard]] std::size_t most(Access access) const {
    return access == Access::write && driver_.writers > 0 ? driver_.writers : driver_.readers;
  }
  void give_back(Access access, std::unique_ptr<Connection> connection);

  Driver driver_;
  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  Shelf readers_, writers_;
};

}  // namespace sp::store::internal
