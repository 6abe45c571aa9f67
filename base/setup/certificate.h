#pragma once
// The certificate of a listener, as a set-up makes it.

#include <filesystem>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/result/result.h"

namespace sp::setup {

/// Answers to "which certificate".
inline constexpr auto self_signed = "self-signed";  ///< an authority of its own, used once
inline constexpr auto internal_ca =
    "internal-ca";                           ///< by the authority in FOLDER/ca, made if needed
inline constexpr auto from_files = "files";  ///< PEM files that somebody gives
inline constexpr auto keep = "keep";         ///< what is there

struct CertificateWish {
  std::string kind;
  std::string host;                                    ///< what clients dial
  std::filesystem::path folder;                        ///< of the service; belongs to its user
  std::string name;                                    ///< FOLDER/NAME.crt and FOLDER/NAME.key
  std::filesystem::path given_certificate, given_key;  ///< of `from_files`
};

/// Makes both files, owned by the folder's owner. The error says what to do.
Outcome make_certificate(const CertificateWish& wish);
/// What a client must trust for this chain: its last certificate when that is a root; nothing when
/// the system's authorities are meant.
std::vector<openssl::Cert> roots_of(const std::filesystem::path& chain);
/// Whether the key is the leaf's.
Outcome key_matches(const std::filesystem::path& certificate, const std::filesystem::path& key);

}  // namespace sp::setup
