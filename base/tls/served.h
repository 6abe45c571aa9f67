#pragma once
// The certificate of one listener, from its two files, for as long as the listener runs.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result/result.h"
#include "base/time/clock.h"
#include "base/tls/context.h"

namespace sp::tls {

struct ServedOptions {
  std::filesystem::path chain, key;
  Role role = Role::public_server;
  std::string host;       ///< what clients dial; empty: not asked
  bool same_key = false;  ///< a new certificate must have the key of the first (a pinned one)
};

/// What a listener shows. A new certificate in the files is checked first (`self_check`) and shown
/// from the next connection on; one that fails is refused and the old one stays. Safe from every
/// thread.
class Served {
 public:
  /// At the start what stands in the files is served, if it can be: an expired certificate, or one
  /// of another name, is shown and complained about in the log, because a site that warns is more
  /// than a site that is down. `clock` must outlive it.
  static Result<std::unique_ptr<Served>> open(ServedOptions options, const Clock& clock);

  /// For a listener. It follows every change.
  [[nodiscard]] Result<openssl::SslCtx> context() const;
  [[nodiscard]] const std::shared_ptr<ShownCertificate>& shown() const { return shown_; }
  [[nodiscard]] Facts facts() const { return shown_->facts(); }

  /// Reads the files now. The names are asked of a new certificate where the old one has them: one
  /// behind a proxy that ends TLS may be of any name. Fails, with the old one kept, when anything
  /// is wrong: `invalid_input` with what `self_check` says, `conflict` for another key than
  /// `same_key` allows, or why a file cannot be read. Says in the log what became of it.
  Outcome reload();
  /// The same of other files, which take the place of the ones that it was opened with and may have
  /// another key; when it fails, those stay.
  Outcome follow(std::filesystem::path chain, std::filesystem::path key);
  /// The same as `reload` when the files are not those that are shown. Nothing when they are, and
  /// when they were refused before for the same reason: so it may be called every minute.
  std::optional<Outcome> poll();

 private:
  /// Of both files: device and number, size, time of change.
  using Signature = std::array<std::uint64_t, 10>;
  Served(ServedOptions options, const Clock& clock);
  [[nodiscard]] Signature signature() const;
  Outcome take();
  void tell(const Outcome& outcome);
  [[nodiscard]] std::string host_to_ask_for() const;
  void complain() const;

  mutable std::mutex mutex_;  ///< of what follows, but for what `shown_` points to
  ServedOptions options_;
  const Clock* clock_;
  std::shared_ptr<ShownCertificate> shown_;
  Signature signature_{};  ///< of what is shown
  std::string refused_;    ///< why the files were refused last
};

}  // namespace sp::tls
