#pragma once
// A certificate and its key on disk, as programs read them: NAME.crt (chain, 0644) and NAME.key
// (0600) in one folder, with the pair before them in previous/.

#include <filesystem>
#include <optional>
#include <string>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "certs/authority/authority.h"

namespace sp::certs {

struct Pair {
  std::filesystem::path folder;
  std::string name;

  /// `invalid_input` unless `name` is a file name without folder.
  static Result<Pair> in(const std::filesystem::path& folder, std::string_view name);
  /// From the path of its certificate, "DIR/NAME.crt".
  static Result<Pair> of_certificate(const std::filesystem::path& certificate);

  [[nodiscard]] std::filesystem::path certificate() const { return folder / (name + ".crt"); }
  [[nodiscard]] std::filesystem::path key() const { return folder / (name + ".key"); }
  [[nodiscard]] Pair previous() const { return {folder / "previous", name}; }
  /// A key made ahead, whose pin is given out before it is used.
  [[nodiscard]] std::filesystem::path next_key() const { return folder / (name + ".next.key"); }
  [[nodiscard]] bool exists() const;
};

/// What stands in the two files. `invalid_input` when the key is not the certificate's.
struct Loaded {
  std::string chain_pem;
  openssl::Cert leaf;
  openssl::Pkey key;
};
Result<Loaded> load(const Pair& pair);

/// Writes both, each by a temporary file and a rename; what was there goes to previous() first. An
/// empty key in `issued` leaves the key file alone. `conflict` when one is there and
/// `may_replace` is false.
enum class Replace : std::uint8_t { never, yes };
Outcome write(const Pair& pair, const Issued& issued, Replace replace);

/// Changes places with previous(), so that doing it twice changes nothing. `not_found` when there
/// is none.
Outcome rollback(const Pair& pair);

/// Every pair in `folder`, by name.
Result<std::vector<Pair>> pairs_in(const std::filesystem::path& folder);

}  // namespace sp::certs
