#include "core/store/internal/pool.h"

namespace sp::store::internal {

Pool::Lease::~Lease() {
  if (connection_) pool_->give_back(access_, std::move(connection_));
}

Result<Pool::Lease> Pool::take(Access access) {
  std::unique_lock lock{mutex_};
  Shelf& from = shelf(access);
  if (!from.back.wait_for(lock, patience_, [&] { return from.out < most(access); }))
    return Error{Code::unavailable, "the database is busy: no connection became free"};
  ++from.out;
  if (!from.idle.empty()) {
    auto connection = std::move(from.idle.back());
    from.idle.pop_back();
    return Lease{*this, access, std::move(connection)};
  }
  lock.unlock();
  auto connected =
      (access == Access::write && driver_.writers > 0) ? driver_.writer() : driver_.reader();
  if (connected) return Lease{*this, access, std::move(*connected)};
  give_back(access, nullptr);
  return std::move(connected).error();
}

void Pool::give_back(Access access, std::unique_ptr<Connection> connection) {
  if (connection && connection->lost()) connection.reset();
  const std::lock_guard lock{mutex_};
  Shelf& to = shelf(access);
  --to.out;
  if (connection) to.idle.push_back(std::move(connection));
  to.back.notify_one();
}

void Pool::forget_idle() {
  const std::lock_guard lock{mutex_};
  readers_.idle.clear();
  writers_.idle.clear();
}

}  // namespace sp::store::internal
