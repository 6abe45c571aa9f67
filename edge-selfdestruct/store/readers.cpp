#include "edge-selfdestruct/store/readers.h"

namespace sp::edge_selfdestruct {

Result<std::unique_ptr<Readers>> Readers::open(const std::string& path, unsigned connections) {
  std::unique_ptr<Readers> readers{new Readers};
  for (unsigned i = 0; i < connections; ++i)
    readers->idle_.push_back({.db = TRY(sqlite::Database::open(path, {.create = false}))});
  return readers;
}

// A deferred transaction: its snapshot begins with its first read. Without one each read would
// simply have its own.
void Readers::begin(Reader& reader) {
  reader.has_snapshot = reader.db.run("BEGIN").has_value();
}

void Readers::end(Reader& reader) {
  if (reader.has_snapshot) static_cast<void>(reader.db.run("COMMIT"));
  reader.has_snapshot = false;
}

Readers::Reader Readers::take() {
  std::unique_lock lock{mutex_};
  returned_.wait(lock, [this] { return !idle_.empty(); });
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  const bool keeps = writing_ == 0;
  if (!reader.has_snapshot) reader.began = writes_;
  lock.unlock();
  if (keeps && !reader.has_snapshot) begin(reader);
  return reader;
}

void Readers::give_back(Reader reader) {
  {
    const std::scoped_lock lock{mutex_};
    if (writing_ > 0 || reader.began != writes_) end(reader);
    idle_.push_back(std::move(reader));
  }
  returned_.notify_one();
}

std::shared_ptr<void> Readers::without_snapshots() {
  const std::scoped_lock lock{mutex_};
  ++writing_;
  ++writes_;
  for (auto& reader : idle_) end(reader);
  return {this, [](Readers* readers) {
            const std::scoped_lock over{readers->mutex_};
            --readers->writing_;
          }};
}

}  // namespace sp::edge_selfdestruct
