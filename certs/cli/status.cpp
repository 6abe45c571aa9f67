#include <openssl/x509v3.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "base/commandline/app.h"
#include "base/tls/certificate.h"
#include "certs/authority/pair.h"
#include "certs/authority/renewal.h"
#include "certs/cli/report.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 1000;

std::string owner_of(const fs::path& path) {
  struct stat state {};
  if (::stat(path.c_str(), &state) != 0) return "?";
  std::array<char, 4096> buffer{};
  struct passwd entry {};
  struct passwd* found = nullptr;
  ::getpwuid_r(state.st_uid, &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(state.st_uid);
}

/// The certificates of a folder and of those right below it; what is kept of earlier times, and
/// what was issued to others, are not ours to watch.
Result<std::vector<fs::path>> certificates_in(const fs::path& folder, int depth) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at{folder, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    const auto& path = at->path();
    const auto name = path.filename().string();
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      if (depth == 0 || name == "previous" || name == "issued" || name == "old") continue;
      for (auto& one : TRY(certificates_in(path, depth - 1))) files.push_back(std::move(one));
    } else if (path.extension() == ".crt") {
      files.push_back(path);
    }
    if (files.size() > most_files)
      return Error{Code::too_many, folder.string() +
                                       " holds more than 1000 certificates; name the "
                                       "folders that matter"};
  }
  if (error)
    return Error{Code::not_found, "cannot read " + folder.string() + ": " + error.message()};
  std::ranges::sort(files);
  return files;
}

/// In one word; "good" needs nothing.
std::string state_of(const fs::path& file, const X509& leaf, Instant now) {
  if (now > tls::not_after(leaf)) return "expired";
  if (now < tls::not_before(leaf)) return "not-yet-valid";
  const auto pair = Pair::of_certificate(file);
  std::error_code error;
  if (pair && fs::exists(pair->key(), error)) {
    const auto loaded = load(*pair);
    // An authority's key may have a password; whether it matches is seen when it signs.
    if (!loaded && loaded.error().code() != Code::unauthenticated) return "broken";
  }
  return now < renewal_due(leaf) ? "good" : "due";
}

Report row_of(const fs::path& file, Instant now, bool& fine) {
  const auto leaf = load_leaf(file);
  Report row;
  row.add("file", "FILE", file.string());
  if (!leaf) {
    fine = false;
    return std::move(row.add("state", "STATE", std::string{"unreadable"})
                         .add("days_left", "DAYS", std::int64_t{0})
                         .add("renewal_due", "RENEW FROM", std::string{"-"})
                         .add("owner", "OWNER", owner_of(file))
                         .add("kind", "KIND", std::string{"-"})
                         .add("names", "NAMES", std::vector<std::string>{})
                         .add("valid_until", "", std::string{}));
  }
  const auto state = state_of(file, **leaf, now);
  const std::string kind = ::X509_check_ca(leaf->get()) == 1 ? "authority" : "server";
  if (state != "good") fine = false;
  const auto left = std::chrono::floor<std::chrono::days>(tls::not_after(**leaf) - now).count();
  return std::move(row.add("state", "STATE", state)
                       .add("days_left", "DAYS", left)
                       .add("renewal_due", "RENEW FROM", rfc3339(renewal_due(**leaf)).substr(0, 10))
                       .add("owner", "OWNER", owner_of(file))
                       .add("kind", "KIND", kind)
                       .add("names", "NAMES", tls::names(**leaf))
                       .add("valid_until", "", rfc3339(tls::not_after(**leaf))));
}

Outcome status(const std::vector<fs::path>& folders, Context& context) {
  std::vector<Report> rows;
  bool fine = true;
  for (const auto& folder : folders)
    for (const auto& file : TRY(certificates_in(folder, 1)))
      rows.push_back(row_of(file, context.clock.now(), fine));
  if (rows.empty())
    return Error{Code::not_found, "there is no certificate (*.crt) in these folders"};
  context.no = !fine;
  context.next = fine ? "nothing to do" : "renew or repair what is not good";
  Report report;
  report.add("good", "", fine).add_rows("certificates", std::move(rows)).print(context);
  return {};
}

}  // namespace

void add_status(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "status", "List the certificates of folders; exit code 1 when one needs attention");
  const auto folders = std::make_shared<std::vector<fs::path>>();
  command->add_option("DIR", *folders, "Folders, each with those right below it")->required();
  command->callback([folders, &context] { context.outcome = status(*folders, context); });
}

}  // namespace sp::certs
