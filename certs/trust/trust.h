#pragma once
// Installs an authority's certificate where the programs of a machine look for whom to trust.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/openssl/handle.h"
#include "base/result/result.h"

namespace sp::certs {

enum class Store : std::uint8_t {
  system,   ///< what OpenSSL, GnuTLS, curl and most programs read
  nss,      ///< Chromium and its kin: ~/.pki/nssdb
  firefox,  ///< each Firefox profile
  java,     ///< the system's Java
};
std::string_view name(Store store);
/// From "system,nss"; `invalid_input` names those that exist.
Result<std::vector<Store>> stores_named(std::string_view names);

enum class Action : std::uint8_t { install, remove, status };

/// Where the stores are. `root` other than "/" (tests, images) has the system's store below it and
/// is handled by Debian's program with its folder options; `home` has NSS and Firefox.
struct Places {
  std::filesystem::path root = "/";
  std::filesystem::path home;
};

/// What one store said.
struct Said {
  Store store;
  std::filesystem::path place;
  bool good = false;    ///< it did what was asked; for status: the certificate is trusted there
  bool absent = false;  ///< there is no such store here, which is no failure
  std::string sentence;
};

/// Asks each store by itself: one that fails does not stop the others. `file` holds one
/// authority's certificate, PEM; `invalid_input` when it holds another or none. A store may have
/// several places (profiles), each told by itself.
Result<std::vector<Said>> apply(Action action, const std::filesystem::path& file,
                                const std::vector<Store>& stores, const Places& places);

}  // namespace sp::certs
