#pragma once
// Reading connections, lent to whoever asks. A read runs on the thread that asks for it: what it
// reads is in memory nearly always, and handing it to another thread costs several times the read
// (docs/decisions/0010-reads-where-they-are-asked.md).

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/sqlite/database.h"

namespace sp::edge_selfdestruct {

/// Between reads an idle connection keeps its snapshot until the next write, since beginning one
/// costs two system calls under one lock of the process: more than the read
/// (docs/decisions/0015-snapshots-until-the-next-write.md).
///
/// Safe from every thread.
class Readers {
 public:
  static Result<std::unique_ptr<Readers>> open(const std::string& path, unsigned connections);

  /// While what it gives lives, no idle connection keeps a snapshot: whoever writes or empties the
  /// write-ahead log finds nobody in the way.
  [[nodiscard]] std::shared_ptr<void> without_snapshots();

  /// `work(sqlite::Database&)`; while all connections are lent, it waits for one. `work` must not
  /// read through this again.
  template <class Work>
  auto read(Work&& work) {
    Loan loan{*this};
    return std::forward<Work>(work)(loan.reader.db);
  }

 private:
  struct Reader {
    sqlite::Database db;
    bool has_snapshot = false;
    std::uint64_t began = 0;  ///< writes_ when its snapshot began
  };
  struct Loan {
    explicit Loan(Readers& from) : readers(from), reader(from.take()) {}
    ~Loan() { readers.give_back(std::move(reader)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Readers& readers;
    Reader reader;
  };
  Readers() = default;
  Reader take();
  void give_back(Reader reader);
  static void begin(Reader& reader);
  static void end(Reader& reader);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Reader> idle_;  // guarded by mutex_
  unsigned writing_ = 0;      // guarded by mutex_
  std::uint64_t writes_ = 0;  // begun; guarded by mutex_
};

}  // namespace sp::edge_selfdestruct
