#pragma once
// What the commands that make certificates have in common: their options, and how they write.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "certs/authority/authority.h"
#include "certs/authority/pair.h"
#include "certs/cli/report.h"

namespace sp::certs {

/// Where a pair goes, and what to do when there is one.
struct Place {
  std::filesystem::path folder;
  std::string name;
  bool if_needed = false;
  bool force = false;
  bool dry_run = false;

  void add_to(commandline::App& command);
  [[nodiscard]] Result<Pair> pair() const { return Pair::in(folder, name); }
};

/// For whom, for how long, with which key.
struct Asked {
  std::vector<std::string> hosts;
  std::vector<std::string> urls;
  bool wildcard = false;
  std::int64_t days = 0;  ///< 0: not said
  bool is_public = false;
  std::string profile = "server";
  std::string uri;
  std::string key = "p256";

  static constexpr auto for_host = "DNS name or IP address to serve; may be repeated";
  void add_names_to(commandline::App& command, const std::string& about_host = for_host);
  void add_all_to(commandline::App& command, const std::string& about_host = for_host);
  /// With `*.` of each name's domain, for `wildcard`.
  [[nodiscard]] Result<std::vector<Host>> all_hosts() const;
  [[nodiscard]] Result<Wish> wish() const;
};

/// The bytes of a password file, without the end of its line; empty for no file.
Result<Secret> read_password(const std::filesystem::path& file);

/// The authority in `folder`, its key opened by what `password_file` holds (empty: no password).
Result<Authority> load_authority(const std::filesystem::path& folder,
                                 const std::filesystem::path& password_file);

/// `conflict` with advice when something is there that may not be replaced.
Outcome refuse_existing(const Place& place, const Pair& pair, Context& context);
/// Whether the pair is sound, names all of `hosts`, was signed by `issuer` (null: by anybody) and
/// is not due.
bool still_serves(const Pair& pair, const std::vector<Host>& hosts, const X509* issuer,
                  Instant now);
/// Tells of the pair's certificate.
Outcome print_pair(const Pair& pair, Report report, Context& context);
/// Tells what would be written for `wish`.
Outcome print_dry_run(const Pair& pair, const Wish& wish, Context& context);

/// Keeps a copy of what the authority in `folder` signed, in issued/SERIAL.crt.
Outcome record(const std::filesystem::path& folder, const std::string& chain);

}  // namespace sp::certs
