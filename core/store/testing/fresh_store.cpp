#include "core/store/testing/fresh_store.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/result/ensure.h"
#include "base/time/clock.h"
#include "core/store/internal/connection.h"

// libpqxx 6.4 loses one PGresult when a connection is lost.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpqxx";
}

namespace sp::store::testing {
namespace {

const char* postgres_url() {
  const char* url = ::getenv("SALLYPORT_TEST_POSTGRES");
  return url != nullptr && *url != '\0' ? url : nullptr;
}

std::string temporary_folder() {
  std::string folder = std::filesystem::temp_directory_path() / "sallyport-store-XXXXXX";
  ensure(::mkdtemp(folder.data()) != nullptr);
  return folder;
}

// CREATE DATABASE is not allowed in a transaction, so it goes round the store.
void at_the_server(const std::string& sql) {
  auto driver = internal::postgres_driver({.url = postgres_url()});
  ensure(driver.has_value());
  auto connection = driver->reader();
  ensure(connection.has_value());
  ensure((*connection)->administer(sql).has_value());
}

// postgresql://user@/old?host=... with another database.
std::string with_database(std::string url, const std::string& database) {
  const auto begin = url.find("//") + 2;
  const auto slash = url.find('/', begin);
  const auto question = url.find('?', begin);
  const auto end = question == std::string::npos ? url.size() : question;
  if (slash == std::string::npos || slash > end) return url.insert(end, "/" + database);
  return url.replace(slash + 1, end - slash - 1, database);
}

std::unique_ptr<Store> opened(const std::string& url) {
  auto store = Store::open({.url = url, .connections = 8});
  if (!store) std::fprintf(stderr, "open %s: %s\n", url.c_str(), store.error().detail().c_str());
  ensure(store.has_value());
  return std::move(*store);
}

}  // namespace

std::vector<Engine> engines() {
  std::vector<Engine> all{Engine::sqlite};
  if (postgres_url() != nullptr) all.push_back(Engine::postgres);
  return all;
}

std::string name(Engine engine) {
  return engine == Engine::sqlite ? "sqlite" : "postgres";
}

FreshStore::FreshStore(Engine engine, bool migrated) : folder_(temporary_folder()) {
  static std::atomic<int> count{0};
  if (engine == Engine::sqlite) {
    url_ = "sqlite:" + folder_ + "/core.sqlite";
  } else {
    name_ = "sp_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    at_the_server("CREATE DATABASE " + name_);
    url_ = with_database(postgres_url(), name_);
  }
  store_ = opened(url_);
  if (!migrated) return;
  const auto outcome = store_->migrate(SystemClock{});
  if (!outcome) std::fprintf(stderr, "migrate: %s\n", outcome.error().detail().c_str());
  ensure(outcome.has_value());
}

FreshStore::~FreshStore() {
  store_.reset();
  std::error_code none;
  std::filesystem::remove_all(folder_, none);
  if (!name_.empty()) at_the_server("DROP DATABASE " + name_ + " WITH (FORCE)");
}

void FreshStore::reopen() {
  store_.reset();
  store_ = opened(url_);
}

void FreshStore::cut_connections() {
  ensure(!name_.empty());
  at_the_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name_ +
                "'");
}

}  // namespace sp::store::testing
