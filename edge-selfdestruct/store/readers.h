#pragma once
// Reading connections, lent to whoever asks. A read runs on the thread that asks for it: what it
// reads is in memory nearly always, and handing it to another thread costs several times the read
// (docs/decisions/0010-reads-where-they-are-asked.md).

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/sqlite/database.h"

namespace sp::edge_selfdestruct {

/// Safe from every thread.
class Readers {
 public:
  static Result<std::unique_ptr<Readers>> open(const std::string& path, unsigned connections);

  /// `work(sqlite::Database&)`; while all connections are lent, it waits for one. `work` must not
  /// read through this again.
  template <class Work>
  auto read(Work&& work) {
    Loan loan{*this};
    return std::forward<Work>(work)(loan.db);
  }

 private:
  struct Loan {
    explicit Loan(Readers& from) : readers(from), db(from.take()) {}
    ~Loan() { readers.give_back(std::move(db)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Readers& readers;
    sqlite::Database db;
  };
  Readers() = default;
  sqlite::Database take();
  void give_back(sqlite::Database db);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<sqlite::Database> idle_;  // guarded by mutex_
};

}  // namespace sp::edge_selfdestruct
