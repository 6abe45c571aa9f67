#include "certs/acme/folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/config/files.h"

namespace sp::acme {
namespace {

namespace fs = std::filesystem;

Error failed(const std::string& step, const fs::path& path, const std::error_code& error) {
  return {error == std::errc::permission_denied ? Code::forbidden : Code::unavailable,
          "cannot " + step + " " + path.string() + ": " + error.message()};
}

Outcome make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return failed("make", path, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return failed("make", path, {errno, std::generic_category()});
  return {};
}

Outcome take_away(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return failed("remove", path, error);
  return {};
}

template <class T>
Result<T> decoded(const fs::path& path, Result<T> (*decode)(std::string_view)) {
  const auto content = TRY(config::read_file(path));
  return decode(bytes::text(content)).within(path.string());
}

bool is_missing(const Error& error) {
  return error.code() == Code::not_found;
}

std::optional<unsigned> number_of(const fs::path& path) {
  const auto name = path.filename().string();
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (problem != std::errc{} || end != name.data() + name.size()) return {};
  return value;
}

/// The numbers of the versions that are there, least first.
std::vector<unsigned> versions(const fs::path& folder) {
  std::vector<unsigned> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{folder, error})
    if (const auto number = number_of(entry.path()); number && entry.is_directory(error))
      out.push_back(*number);
  std::ranges::sort(out);
  return out;
}

std::optional<unsigned> live_version(const fs::path& folder) {
  std::error_code error;
  const auto to = fs::read_symlink(folder / "live", error);
  return error ? std::nullopt : number_of(to);
}

// A link beside it, renamed over the old one: there is always one of the two.
Outcome turn_live_to(const fs::path& folder, unsigned number) {
  std::error_code error;
  const auto fresh = folder / "live.new";
  fs::remove(fresh, error);
  fs::create_symlink(std::to_string(number), fresh, error);
  if (!error) fs::rename(fresh, folder / "live", error);
  if (error) return failed("turn", folder / "live", error);
  return {};
}

// live/previous, where the other commands look for what was there before.
Outcome link_previous(const fs::path& version, unsigned before) {
  std::error_code error;
  fs::create_symlink("../" + std::to_string(before), version / "previous", error);
  if (error) return failed("make", version / "previous", error);
  return {};
}

}  // namespace

Folder::Closer::~Closer() {
  if (fd >= 0) ::close(fd);
}

Outcome Folder::lock() {
  TRY(make_folder(path_));
  const auto file = path_ / "lock";
  lock_.fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_.fd < 0) return failed("open", file, {errno, std::generic_category()});
  if (::flock(lock_.fd, LOCK_EX | LOCK_NB) != 0)
    return Error{Code::conflict, "another run is at work in " + path_.string() + "; wait for it"};
  return {};
}

Result<Settings> Folder::settings() const {
  return decoded(path_ / "settings.json", decode_settings);
}

Outcome Folder::save(const Settings& settings) const {
  return config::write_file(path_ / "settings.json", bytes::of(encode(settings)), 0600);
}

Result<Plan> Folder::plan() const {
  auto plan = decoded(path_ / "renewal.json", decode_plan);
  if (!plan && is_missing(plan.error())) return Plan{};
  return plan;
}

Outcome Folder::save(const Plan& plan) const {
  return config::write_file(path_ / "renewal.json", bytes::of(encode(plan)), 0600);
}

Result<Version> Folder::live() const {
  const auto chain = TRY(config::read_file(certificate()));
  return Version{std::string{bytes::text(chain)}, TRY(config::read_secret_file(key()))};
}

Outcome Folder::publish(const Version& version) const {
  const auto before = live_version(path_);
  const auto there = versions(path_);
  const auto number = there.empty() ? 1U : there.back() + 1;
  const auto fresh = path_ / std::to_string(number);
  TRY(make_folder(fresh));
  TRY(config::write_file(fresh / "tls.key", version.key.expose(), 0600));
  TRY(config::write_file(fresh / "tls.crt", bytes::of(version.chain), 0644));
  if (before) TRY(link_previous(fresh, *before));
  TRY(turn_live_to(path_, number));
  for (const auto old : there)
    if (old != before) TRY(take_away(path_ / std::to_string(old)));
  return {};
}

Result<Secret> Folder::order_key(Secret fresh) const {
  const auto file = path_ / "order.key";
  auto left = config::read_secret_file(file);
  if (left || !is_missing(left.error())) return left;
  TRY(config::write_file(file, fresh.expose(), 0600));
  return fresh;
}

Result<std::optional<Pending>> Folder::load() {
  auto pending = decoded(path_ / "order.json", decode_pending);
  if (pending) return std::optional{*std::move(pending)};
  // Missing or damaged: there is no order to go on with, and a new one does no harm.
  if (is_missing(pending.error()) || pending.error().code() == Code::corrupt)
    return std::optional<Pending>{};
  return std::move(pending).error();
}

Outcome Folder::save(const Pending& pending) {
  return config::write_file(path_ / "order.json", bytes::of(encode(pending)), 0600);
}

Outcome Folder::clear() {
  TRY(take_away(path_ / "order.json"));
  return take_away(path_ / "order.key");
}

Result<Key> load_account_key(const fs::path& folder) {
  const auto pem = TRY(config::read_secret_file(folder / "account.key"));
  return Key::parse(pem).within((folder / "account.key").string());
}

Result<SavedAccount> load_account(const fs::path& folder) {
  return decoded(folder / "account.json", decode_account);
}

Outcome save_account_key(const fs::path& folder, const Key& key) {
  TRY(make_folder(folder));
  const auto pem = TRY(key.pem());
  return config::write_file(folder / "account.key", pem.expose(), 0600);
}

Outcome save_account(const fs::path& folder, const SavedAccount& account) {
  return config::write_file(folder / "account.json", bytes::of(encode(account)), 0600);
}

}  // namespace sp::acme
