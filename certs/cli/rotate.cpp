#include <fcntl.h>
#include <stdio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

// An authority is replaced as a whole folder: the successor is made beside it and changes places
// with it in one step, so that no moment has half of each. It carries the serial number of the root
// that it follows, by which a run after an interruption knows how far the last one came.
constexpr const char* follows = "successor-of";

struct Wanted {
  fs::path folder;
  fs::path password;
  bool dry_run = false;
};

fs::path beside(const fs::path& folder) {
  return folder.parent_path() / (folder.filename().string() + ".next");
}

Error failed(const std::string& what, const std::error_code& error) {
  return Error{Code::unavailable, "cannot " + what + ": " + error.message()};
}

/// The serial number in the folder's `successor-of`; empty when there is none.
std::string follower_of(const fs::path& folder) {
  const auto content = config::read_file(folder / follows, 256);
  return content ? std::string{bytes::text(*content)} : "";
}

Result<std::string> root_serial(const fs::path& folder) {
  return serial_of(*TRY(load_leaf(folder / "ca.crt")));
}

/// The folder beside holds the old authority: it goes into the new one's old/.
Outcome put_old_away(const fs::path& folder) {
  std::error_code error;
  const auto old = folder / "old";
  fs::create_directories(old, error);
  if (error) return failed("make " + old.string(), error);
  const auto target = old / TRY(root_serial(beside(folder)));
  fs::rename(beside(folder), target, error);
  if (error) return failed("move the old authority to " + target.string(), error);
  // Older ones came along with it.
  for (const auto& one : fs::directory_iterator{target / "old", error})
    fs::rename(one.path(), old / one.path().filename(), error);
  fs::remove(target / "old", error);
  return {};
}

Outcome change_places(const fs::path& folder) {
  if (::renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, beside(folder).c_str(), RENAME_EXCHANGE) != 0)
    return failed("put the successor in the place of " + folder.string() +
                      " (it must be a folder of its own, not a mount point)",
                  {errno, std::generic_category()});
  return {};
}

/// What an interrupted run left: true when the old authority was all that had to be put away.
Result<bool> finish_last_run(const fs::path& folder) {
  std::error_code error;
  const auto next = beside(folder);
  if (!fs::exists(next, error)) return false;
  if (const auto serial = root_serial(next); serial && follower_of(folder) == *serial) {
    TRY(put_old_away(folder));
    return true;
  }
  if (follower_of(next).empty())
    return Error{Code::conflict, next.string() + " is in the way; move it elsewhere"};
  fs::remove_all(next, error);  // a successor that was never used
  if (error) return failed("remove " + next.string(), error);
  return false;
}

Outcome tell(const fs::path& folder, Context& context) {
  const auto chain = TRY(describe(folder / "ca.crt", context.clock.now()));
  std::error_code error;
  const bool crossed = fs::exists(folder / "cross.crt", error);
  Report report;
  report.add("", "authority", chain.front().subject)
      .add("certificate", "certificate", (folder / "ca.crt").string())
      .add("cross_signed", "cross-signed", crossed)
      .add("old", "old one", (folder / "old" / follower_of(folder)).string());
  add_description(report, chain.front());
  report.print(context);
  context.next =
      crossed
          ? "renew each certificate (sallyport-certs ca renew), install the new ca.crt beside the "
            "old one at leisure: clients that know the old one alone accept the new certificates"
          : "the old root has no room to sign its successor: install the new ca.crt beside the old "
            "one everywhere first, then renew each certificate (sallyport-certs ca renew)";
  return {};
}

/// What else lies in the folder would go away with the old authority.
Outcome refuse_strangers(const fs::path& folder) {
  constexpr std::array own{"ca.crt",    "ca.key", "intermediate.crt", "intermediate.key",
                           "cross.crt", "ca.crl", "issued",           "revoked",
                           "old",       follows};
  std::error_code error;
  for (const auto& one : fs::directory_iterator{folder, error})
    if (const auto name = one.path().filename().string();
        std::ranges::find(own, std::string_view{name}) == own.end())
      return Error{Code::conflict, one.path().string() +
                                       " is not the authority's own; move it out "
                                       "of this folder, which is replaced whole"};
  return {};
}

Outcome prepare(const fs::path& folder, const Authority& old, const Authority& next,
                const Secret& password) {
  std::error_code error;
  fs::create_directory(beside(folder), error);
  if (error) return failed("make " + beside(folder).string(), error);
  TRY(config::write_file(beside(folder) / follows, bytes::of(serial_of(old.root())), 0644));
  return next.save(beside(folder), password);
}

Outcome rotate(const Wanted& wanted, Context& context) {
  auto folder = fs::absolute(wanted.folder).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  const auto password = TRY(read_password(wanted.password));
  if (!wanted.dry_run && TRY(finish_last_run(folder))) return tell(folder, context);
  auto old = TRY(Authority::load(folder, password));
  TRY(refuse_strangers(folder));
  const auto now = context.clock.now();
  const auto next = TRY(old.successor(now, context.random));
  if (wanted.dry_run) {
    Report report;
    report.add("dry_run", "", true)
        .add("folder", "would rotate", folder.string())
        .add("cross_signed", "cross-signed", next.is_crossed())
        .print(context);
    context.next = "the same without --dry-run";
    return {};
  }
  TRY(prepare(folder, old, next, password));
  TRY(change_places(folder));
  TRY(put_old_away(folder));
  return tell(folder, context);
}

}  // namespace

void add_rotate(commandline::App& ca, Context& context) {
  auto* command = ca.add_subcommand(
      "rotate", "Make the authority's successor: a new root, signed by the old one, too");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--ca", wanted->folder, "Folder of the authority")->required();
  command->add_option("--password-file", wanted->password,
                      "File with the password of the authority's key, for old and new");
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be done, and write nothing");
  command->callback([wanted, &context] { context.outcome = rotate(*wanted, context); });
}

}  // namespace sp::certs
