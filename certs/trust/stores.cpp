#include "certs/trust/stores.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "certs/trust/program.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

Said good(Store store, const fs::path& place, std::string sentence) {
  return {store, place, true, false, std::move(sentence)};
}
Said bad(Store store, const fs::path& place, std::string sentence) {
  return {store, place, false, false, std::move(sentence)};
}
Said absent(Store store, const fs::path& place, std::string sentence) {
  return {store, place, false, true, std::move(sentence)};
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

/// Runs `command`; the sentence of its failure, if it failed.
std::optional<std::string> failure_of(const std::vector<std::string>& command) {
  const auto ran = run_program(command);
  if (!ran) return ran.error().detail();
  if (ran->status == 0) return std::nullopt;
  return command.front() + " ended with " + std::to_string(ran->status) + ": " +
         last_line(ran->said);
}

// Where distributions keep what an administrator adds, and how they take it in.
struct Anchors {
  const char* folder;
  const char* ending;
  std::vector<std::string> update;
};

const std::vector<Anchors>& known_anchors() {
  static const std::vector<Anchors> all{
      {"usr/local/share/ca-certificates", ".crt", {"update-ca-certificates"}},
      {"etc/pki/ca-trust/source/anchors", ".pem", {"update-ca-trust", "extract"}},
      {"etc/ca-certificates/trust-source/anchors", ".pem", {"trust", "extract-compat"}},
      {"usr/share/pki/trust/anchors", ".pem", {"update-ca-certificates"}},
  };
  return all;
}

/// Debian's program works below another root when told each folder.
std::vector<std::string> update_command(const Anchors& anchors, const fs::path& root) {
  auto command = anchors.update;
  if (root == "/" || command.front() != "update-ca-certificates") return command;
  command.insert(command.end(), {"--localcertsdir", (root / anchors.folder).string(),
                                 "--etccertsdir", (root / "etc/ssl/certs").string(), "--hooksdir",
                                 (root / "etc/ca-certificates/update.d").string()});
  return command;
}

/// Every name that a certificate database has, so that an error says where it was.
std::string database(const fs::path& folder) {
  return "sql:" + folder.string();
}

Said nss_database(Action action, Store store, const Anchor& anchor, const fs::path& folder) {
  const auto db = database(folder);
  const auto listed = run_program({"certutil", "-d", db, "-L", "-n", anchor.label});
  if (!listed) return bad(store, folder, listed.error().detail());
  const bool there = listed->status == 0;
  if (action == Action::status) {
    if (there) return good(store, folder, "trusts it");
    return bad(store, folder, "does not trust it");
  }
  if (action == Action::remove) {
    if (!there) return good(store, folder, "did not have it");
    const auto failed = failure_of({"certutil", "-d", db, "-D", "-n", anchor.label});
    return failed ? bad(store, folder, *failed) : good(store, folder, "removed");
  }
  if (there) return good(store, folder, "has it already");
  const auto failed = failure_of(
      {"certutil", "-d", db, "-A", "-t", "C,,", "-n", anchor.label, "-i", anchor.file.string()});
  return failed ? bad(store, folder, *failed)
                : good(store, folder, "installed; restart the browser");
}

std::vector<Said> nss_databases(Action action, Store store, const Anchor& anchor,
                                const std::vector<fs::path>& folders, const fs::path& looked_in) {
  if (folders.empty()) return {absent(store, looked_in, "is not here")};
  if (!is_installed("certutil"))
    return {bad(store, folders.front(),
                "needs certutil; install libnss3-tools (Debian) or nss-tools, and run this again")};
  std::vector<Said> all;
  for (const auto& folder : folders) all.push_back(nss_database(action, store, anchor, folder));
  return all;
}

std::vector<fs::path> firefox_profiles(const fs::path& home) {
  std::vector<fs::path> found;
  for (const auto* base : {".mozilla/firefox", "snap/firefox/common/.mozilla/firefox",
                           ".var/app/org.mozilla.firefox/.mozilla/firefox"}) {
    std::error_code error;
    for (const auto& one : fs::directory_iterator{home / base, error})
      if (is_there(one.path() / "cert9.db")) found.push_back(one.path());
  }
  std::ranges::sort(found);
  return found;
}

// Debian's Java reads the keystore that ca-certificates-java makes of the system's; others have one
// of their own. Its password is public by convention, and protects nothing.
constexpr std::array java_stores{"etc/ssl/certs/java/cacerts", "etc/pki/java/cacerts",
                                 "usr/lib/jvm/default-java/lib/security/cacerts",
                                 "usr/lib/jvm/default/lib/security/cacerts"};
constexpr const char* java_convention = "changeit";

std::vector<std::string> keytool(const char* what, const Anchor& anchor, const fs::path& store) {
  return {"keytool",   what,           "-alias",     anchor.label,
          "-keystore", store.string(), "-storepass", java_convention};
}

}  // namespace

std::vector<Said> system_store(Action action, const Anchor& anchor, const Places& places) {
  const auto found = std::ranges::find_if(
      known_anchors(), [&](const Anchors& one) { return is_there(places.root / one.folder); });
  if (found == known_anchors().end())
    return {absent(Store::system, places.root, "has no folder for added authorities that we know")};
  const auto file = places.root / found->folder / (anchor.label + found->ending);
  if (action == Action::status) {
    if (is_there(file)) return {good(Store::system, file, "trusts it")};
    return {bad(Store::system, file, "does not trust it")};
  }
  if (action == Action::install) {
    const auto written = config::write_file(file, bytes::of(anchor.pem), 0644);
    if (!written) return {bad(Store::system, file, written.error().detail())};
  } else {
    std::error_code error;
    const bool was_there = fs::remove(file, error);
    if (error) return {bad(Store::system, file, "cannot be removed: " + error.message())};
    if (!was_there) return {good(Store::system, file, "did not have it")};
  }
  const auto failed = failure_of(update_command(*found, places.root));
  if (failed) return {bad(Store::system, file, *failed)};
  return {good(Store::system, file, action == Action::install ? "installed" : "removed")};
}

std::vector<Said> nss_store(Action action, const Anchor& anchor, const Places& places) {
  std::vector<fs::path> folders;
  for (const auto* one : {".pki/nssdb", "snap/chromium/current/.pki/nssdb"})
    if (is_there(places.home / one / "cert9.db")) folders.push_back(places.home / one);
  return nss_databases(action, Store::nss, anchor, folders, places.home / ".pki/nssdb");
}

std::vector<Said> firefox_store(Action action, const Anchor& anchor, const Places& places) {
  return nss_databases(action, Store::firefox, anchor, firefox_profiles(places.home),
                       places.home / ".mozilla/firefox");
}

std::vector<Said> java_store(Action action, const Anchor& anchor, const Places& places) {
  const auto found = std::ranges::find_if(
      java_stores, [&](const char* one) { return is_there(places.root / one); });
  if (found == java_stores.end()) return {absent(Store::java, places.root, "is not here")};
  const auto store = places.root / *found;
  if (!is_installed("keytool"))
    return {bad(Store::java, store, "needs keytool, which comes with Java; put it into PATH")};
  const auto listed = run_program(keytool("-list", anchor, store));
  const bool there = listed && listed->status == 0;
  if (action == Action::status) {
    if (there) return {good(Store::java, store, "trusts it")};
    return {bad(Store::java, store, "does not trust it")};
  }
  if (there == (action == Action::install))
    return {good(Store::java, store, there ? "has it already" : "did not have it")};
  auto command = keytool(there ? "-delete" : "-importcert", anchor, store);
  if (!there) command.insert(command.end(), {"-noprompt", "-file", anchor.file.string()});
  const auto failed = failure_of(command);
  if (failed) return {bad(Store::java, store, *failed)};
  return {good(Store::java, store, there ? "removed" : "installed; restart what runs on Java")};
}

}  // namespace sp::certs
