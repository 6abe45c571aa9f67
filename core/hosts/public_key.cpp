#include "core/hosts/public_key.h"

#include <algorithm>
#include <array>

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"
#include "core/inventory/text.h"

namespace sp::hosts {
namespace {

constexpr std::string_view certificate_suffix = "-cert-v01@openssh.com";
// DSA and RSA signatures with SHA-1 are not ours to use; the key type of RSA is "ssh-rsa" all the
// same.
constexpr std::array types{std::string_view{"ssh-ed25519"},
                           std::string_view{"ecdsa-sha2-nistp256"},
                           std::string_view{"ecdsa-sha2-nistp384"},
                           std::string_view{"ecdsa-sha2-nistp521"},
                           std::string_view{"ssh-rsa"},
                           std::string_view{"sk-ssh-ed25519@openssh.com"},
                           std::string_view{"sk-ecdsa-sha2-nistp256@openssh.com"}};

bool is_known(std::string_view type) {
  if (std::ranges::find(types, type) != types.end()) return true;
  return type.ends_with(certificate_suffix) && type.size() > certificate_suffix.size();
}

// RFC 4648 section 4: our reader knows section 5, which differs in two characters and the padding.
Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos)
    return Error{Code::invalid_input, "public key: base64"};
  std::string url{text};
  std::ranges::replace(url, '+', '-');
  std::ranges::replace(url, '/', '_');
  for (int i = 0; i < 2 && url.ends_with('='); ++i) url.pop_back();
  return bytes::from_base64url(url);
}

std::string_view next_word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

}  // namespace

bool PublicKey::is_certificate() const {
  return type.ends_with(certificate_suffix);
}

Result<PublicKey> parse_public_key(std::string_view line) {
  const auto text = inventory::trimmed(line);
  if (!inventory::is_line(text, 1, longest_public_key))
    return Error{Code::invalid_input, "public key: not one line"};
  std::string_view rest = text;
  PublicKey key;
  key.type = next_word(rest);
  key.base64 = next_word(rest);
  if (!is_known(key.type)) return Error{Code::invalid_input, "public key: type"};
  const auto blob = TRY(from_base64(key.base64));
  // RFC 4253 section 6.6: the blob begins with the type as a string.
  bytes::Reader reader{blob};
  const auto size = TRY(reader.u32());
  const auto type = TRY(reader.take(size));
  if (bytes::text(type) != key.type || reader.rest().size() < 32)
    return Error{Code::invalid_input, "public key: not of its type"};
  const auto digest = openssl::sha256(blob);
  key.fingerprint = "SHA256:" + bytes::base64(digest);
  while (key.fingerprint.ends_with('=')) key.fingerprint.pop_back();
  return key;
}

}  // namespace sp::hosts
