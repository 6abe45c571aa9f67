#include "edge-selfdestruct/store/readers.h"

namespace sp::edge_selfdestruct {

Result<std::unique_ptr<Readers>> Readers::open(const std::string& path, unsigned threads) {
  std::unique_ptr<Readers> readers{new Readers};
  for (unsigned i = 0; i < threads; ++i) {
    auto db = TRY(sqlite::Database::open(path, {.create = false}));
    readers->threads_.emplace_back(
        [self = readers.get(), mine = std::move(db)]() mutable { self->serve(std::move(mine)); });
  }
  return readers;
}

Readers::~Readers() {
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
}

void Readers::submit(Work work) {
  {
    const std::scoped_lock lock{mutex_};
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Readers::serve(sqlite::Database db) {
  std::unique_lock lock{mutex_};
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work(db);
    lock.lock();
  }
}

}  // namespace sp::edge_selfdestruct
