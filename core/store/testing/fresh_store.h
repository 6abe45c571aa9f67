#pragma once
// A fresh, migrated store for a test: SQLite in a temporary folder always, and a database of its
// own on PostgreSQL when SALLYPORT_TEST_POSTGRES holds a libpq URL (tests/postgres.sh start makes
// one).
//
//   TEST_CASE("...") {
//     const auto engine = GENERATE(from_range(testing::engines()));
//     testing::FreshStore fresh{engine};
//     store::Store& store = fresh.store();
//
// Made for tests alone; no program links it.

#include <memory>
#include <string>
#include <vector>

#include "core/store/store.h"

namespace sp::store::testing {

/// The engines that can be tested here.
std::vector<Engine> engines();
std::string name(Engine engine);

class FreshStore {
 public:
  explicit FreshStore(Engine engine, bool migrated = true);
  ~FreshStore();
  FreshStore(const FreshStore&) = delete;
  FreshStore& operator=(const FreshStore&) = delete;

  Store& store() { return *store_; }
  [[nodiscard]] const std::string& url() const { return url_; }
  /// The temporary folder, also for other files of the test.
  [[nodiscard]] const std::string& folder() const { return folder_; }
  /// Closes all connections and opens the same database again.
  void reopen();
  /// Ends every connection to the database from outside (PostgreSQL alone).
  void cut_connections();

 private:
  std::string folder_, url_, name_;
  std::unique_ptr<Store> store_;
};

}  // namespace sp::store::testing
