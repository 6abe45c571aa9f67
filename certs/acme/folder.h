#pragma once
// One certificate's folder:
//   settings.json   what to renew, and how
//   live -> 3       the version that is served: live/tls.crt (0644) and live/tls.key (0600)
//   3/ 2/           this version, and the one before it (which is live/previous as well)
//   renewal.json    when it is due, and what failed
//   order.json      the order under way, with order.key (0600)
//   account/        account.key (0600) and account.json, unless another folder was named

#include <filesystem>
#include <string>
#include <vector>

#include "certs/acme/order.h"
#include "certs/acme/renewal.h"

namespace sp::acme {

/// All that a renewal needs to know again. Secrets are named by their files.
struct Settings {
  std::string directory{};
  std::string ca_file{};
  std::string account{};  ///< folder
  std::vector<std::string> names{};
  std::string profile{};
  std::string preferred_root{};
  std::string http_01{};  ///< as it was given to --http-01; empty: not used
  std::string dns_01{};
  bool reuse_key = false;
};

/// What is remembered between two looks at a certificate.
struct Plan {
  std::string of{};                 ///< the certificate's renewal id; another one makes it void
  std::optional<Window> window{};   ///< the CA's, with the point that was chosen in `due`
  std::optional<Instant> ask_at{};  ///< not before this
  Instant due{};
  unsigned failures = 0;                ///< in a row
  std::optional<Instant> not_before{};  ///< after a failure
  bool revoked = false;                 ///< by us
};

struct Version {
  std::string chain{};  ///< PEM, leaf first
  Secret key{};         ///< PEM
};

class Folder final : public Journal {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path certificate() const { return path_ / "live" / "tls.crt"; }
  [[nodiscard]] std::filesystem::path key() const { return path_ / "live" / "tls.key"; }

  /// Makes the folder (0700) if need be, and keeps other runs of this program out of it until this
  /// object is gone. `conflict` when one is in it.
  Outcome lock();

  [[nodiscard]] Result<Settings> settings() const;  ///< `not_found` when nothing was issued here
  [[nodiscard]] Outcome save(const Settings& settings) const;
  [[nodiscard]] Result<Plan> plan() const;  ///< an empty one when there is none
  [[nodiscard]] Outcome save(const Plan& plan) const;

  [[nodiscard]] Result<Version> live() const;
  /// A new folder with both files, then `live` is turned to it in one step; of the older ones the
  /// last is kept.
  [[nodiscard]] Outcome publish(const Version& version) const;

  /// The key of the order under way: the one that is there, or `fresh` after it was written.
  [[nodiscard]] Result<Secret> order_key(Secret fresh) const;

  Result<std::optional<Pending>> load() override;
  Outcome save(const Pending& pending) override;
  Outcome clear() override;

 private:
  std::filesystem::path path_;
  struct Closer {
    int fd = -1;
    Closer() = default;
    Closer(const Closer&) = delete;
    Closer& operator=(const Closer&) = delete;
    ~Closer();
  } lock_;
};

// An account's folder: account.key and account.json.
struct SavedAccount {
  std::string directory{};
  std::string url{};
  std::string ca_file{};
};
/// `not_found` when there is none.
Result<Key> load_account_key(const std::filesystem::path& folder);
Result<SavedAccount> load_account(const std::filesystem::path& folder);
/// Makes the folder (0700).
Outcome save_account_key(const std::filesystem::path& folder, const Key& key);
Outcome save_account(const std::filesystem::path& folder, const SavedAccount& account);

// state_json.cpp
std::string encode(const Settings& settings);
Result<Settings> decode_settings(std::string_view text);
std::string encode(const Plan& plan);
Result<Plan> decode_plan(std::string_view text);
std::string encode(const Pending& pending);
Result<Pending> decode_pending(std::string_view text);
std::string encode(const SavedAccount& account);
Result<SavedAccount> decode_account(std::string_view text);

}  // namespace sp::acme
