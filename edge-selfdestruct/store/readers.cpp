#include "edge-selfdestruct/store/readers.h"

namespace sp::edge_selfdestruct {

Result<std::unique_ptr<Readers>> Readers::open(const std::string& path, unsigned connections) {
  std::unique_ptr<Readers> readers{new Readers};
  for (unsigned i = 0; i < connections; ++i)
    readers->idle_.push_back(TRY(sqlite::Database::open(path, {.create = false})));
  return readers;
}

sqlite::Database Readers::take() {
  std::unique_lock lock{mutex_};
  returned_.wait(lock, [this] { return !idle_.empty(); });
  auto db = std::move(idle_.back());
  idle_.pop_back();
  return db;
}

void Readers::give_back(sqlite::Database db) {
  {
    const std::scoped_lock lock{mutex_};
    idle_.push_back(std::move(db));
  }
  returned_.notify_one();
}

}  // namespace sp::edge_selfdestruct
