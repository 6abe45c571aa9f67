#pragma once
// An internal certificate authority: a root, perhaps an intermediate that signs for it, and what
// the two may sign.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/time/clock.h"
#include "certs/authority/make.h"

namespace sp::certs {

/// A certificate with what belongs to it, PEM.
struct Issued {
  std::string chain;  ///< leaf first, then what leads to the root
  Secret key;         ///< PKCS #8; empty where the key is somebody else's
};

struct NewAuthority {
  std::string name;  ///< common name: 1 to 64 bytes
  Constraints constraints;
  KeyKind key = KeyKind::p256;
  bool with_intermediate = false;  ///< so that the root's key can be put away
  /// For one site alone: nothing stands below it but its leaf, and it never gets a successor.
  bool single_use = false;
  std::optional<std::chrono::days> life;
};

/// What is asked of an authority.
struct Wish {
  Profile profile = Profile::server;
  std::vector<Host> hosts;
  std::string uri;                        ///< identities only
  std::optional<std::chrono::days> life;  ///< the profile's, if none is said
  bool is_public = false;                 ///< hold the Baseline Requirements' limits too
  KeyKind key = KeyKind::p256;            ///< of the new key
};

/// Its folder holds ca.crt and ca.key (root); intermediate.crt and intermediate.key where there is
/// one; cross.crt (the root's key, signed by its predecessor) after a rotation; issued/SERIAL.crt;
/// what `RevocationList` keeps.
class Authority {
 public:
  static Result<Authority> create(const NewAuthority& wanted, Instant now, Random& random);
  /// Refuses a key that others can read or that does not match. The root's key may be away where an
  /// intermediate signs. `password` is that of the root's key.
  static Result<Authority> load(const std::filesystem::path& folder, const Secret& password = {});
  /// Writes certificates (0644) and keys (0600; the root's encrypted under `password` unless it is
  /// empty). `conflict` when one of them is there.
  [[nodiscard]] Outcome save(const std::filesystem::path& folder,
                             const Secret& password = {}) const;

  /// A new key and a certificate. `forbidden` when a host is outside of the constraints, before
  /// anything is signed.
  [[nodiscard]] Result<Issued> issue(const Wish& wish, Instant now, Random& random) const;
  /// The same for a key that is there: a chain, PEM.
  [[nodiscard]] Result<std::string> certify(const Wish& wish, EVP_PKEY& key, Instant now,
                                            Random& random) const;

  /// Its successor: a new root (and intermediate) of the same name pattern and constraints, whose
  /// key this root signs too, so that clients that know this one alone accept what the successor
  /// issues. Without the signature where this root has no room for another authority below it.
  [[nodiscard]] Result<Authority> successor(Instant now, Random& random) const;
  /// A new intermediate of this root.
  [[nodiscard]] Outcome renew_intermediate(Instant now, Random& random);

  [[nodiscard]] const X509& root() const { return *root_.certificate; }
  [[nodiscard]] const Signer& issuing() const { return intermediate_ ? *intermediate_ : root_; }
  [[nodiscard]] bool has_intermediate() const { return intermediate_.has_value(); }
  [[nodiscard]] bool is_crossed() const { return cross_ != nullptr; }
  [[nodiscard]] const Constraints& constraints() const { return constraints_; }
  /// What a server sends after its leaf.
  [[nodiscard]] std::string chain_pem() const;

 private:
  Authority(Signer root, Constraints constraints)
      : root_(std::move(root)), constraints_(std::move(constraints)) {}
  Signer root_;  ///< its key is null where it was put away
  std::optional<Signer> intermediate_;
  openssl::Cert cross_;
  Constraints constraints_;
};

/// "Sallyport Site CA portal.example 2026-11 ab12": unique, since clients tell roots apart by it.
std::string authority_name(std::string_view site, Instant now, Random& random);

/// One certificate that vouches for itself.
Result<Issued> self_signed(const Wish& wish, Instant now, Random& random);

}  // namespace sp::certs
