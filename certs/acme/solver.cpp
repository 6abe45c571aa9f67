#include "certs/acme/solver.h"

#include "base/bytes/bytes.h"
#include "base/openssl/crypto.h"

namespace sp::acme {

std::string Challenge::record() const {
  return bytes::base64url(openssl::sha256(bytes::of(key_authorization)));
}

std::string Challenge::record_name() const {
  return "_acme-challenge." + domain + ".";
}

}  // namespace sp::acme
