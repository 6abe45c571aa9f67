#include "pushpull/ordering/versions.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/tls/request.h"

namespace sp::pushpull {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_orders = 8;

Error failed(const std::string& what, const std::error_code& why) {
  return {Code::unavailable, "cannot " + what + ": " + why.message()};
}

Outcome make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return failed("make the folder " + folder.string(), error);
  return {};
}

int number_of(const fs::path& name) {
  const auto text = name.filename().string();
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() && number > 0 ? number : 0;
}

// Numbers of the versions that are there, the newest first.
std::vector<int> numbers_in(const fs::path& folder) {
  std::vector<int> all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{folder, ignored})
    if (const int number = number_of(entry.path()); number > 0) all.push_back(number);
  std::ranges::sort(all, std::greater{});
  return all;
}

void keep_newest(const fs::path& folder, std::size_t most) {
  std::vector<fs::directory_entry> all;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{folder, ignored}) all.push_back(entry);
  std::ranges::sort(all, std::greater{},
                    [&](const auto& entry) { return entry.last_write_time(ignored); });
  for (std::size_t i = most; i < all.size(); ++i) fs::remove(all[i].path(), ignored);
}

}  // namespace

bool Versions::any() const {
  std::error_code ignored;
  return fs::exists(chain(), ignored) && fs::exists(key(), ignored);
}

fs::path Versions::order_file(const OrderId& order) const {
  return folder_ / "orders" / bytes::hex(order);
}

Result<Secret> Versions::pending_key(const OrderId& order) const {
  return config::read_secret_file(order_file(order));
}

Result<Secret> Versions::key_for(const OrderId& order) const {
  auto there = pending_key(order);
  if (there || there.error().code() != Code::not_found) return there;
  TRY(make_folder(folder_));
  TRY(make_folder(folder_ / "orders"));
  auto fresh = TRY(tls::new_key());
  TRY(config::write_file(order_file(order), fresh.expose(), 0600));
  keep_newest(folder_ / "orders", most_orders);
  return fresh;
}

int Versions::live_number() const {
  std::error_code error;
  const auto target = fs::read_symlink(folder_ / "live", error);
  return error ? 0 : number_of(target);
}

Outcome Versions::turn_to(int number) const {
  const auto next = folder_ / "live.next";
  std::error_code error;
  fs::remove(next, error);
  fs::create_symlink(std::to_string(number), next, error);
  if (!error) fs::rename(next, folder_ / "live", error);
  if (error) return failed("turn " + (folder_ / "live").string(), error);
  return {};
}

Outcome Versions::publish(const tls::Identity& identity, const OrderId& order) const {
  const auto before = live_number();
  const auto all = numbers_in(folder_);
  const int number = all.empty() ? 1 : all.front() + 1;
  const auto folder = folder_ / std::to_string(number);
  TRY(make_folder(folder));
  TRY(config::write_file(folder / "tls.key", identity.key_pem.expose(), 0600));
  TRY(config::write_file(folder / "tls.crt", bytes::of(identity.chain_pem), 0644));
  TRY(turn_to(number));
  std::error_code ignored;
  for (const int old : all)
    if (old != before) fs::remove_all(folder_ / std::to_string(old), ignored);
  for (const auto& entry : fs::directory_iterator{folder_ / "orders", ignored})
    if (entry.path() != order_file(order)) fs::remove(entry.path(), ignored);
  return {};
}

Outcome Versions::take_back() const {
  const int live = live_number();
  std::error_code error;
  for (const int number : numbers_in(folder_)) {
    if (number >= live) continue;
    TRY(turn_to(number));
    fs::remove_all(folder_ / std::to_string(live), error);
    return {};
  }
  fs::remove(folder_ / "live", error);
  if (error) return failed("take back the certificate", error);
  fs::remove_all(folder_ / std::to_string(live), error);
  return {};
}

}  // namespace sp::pushpull
