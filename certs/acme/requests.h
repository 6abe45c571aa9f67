#pragma once
// What we ask of a CA: payloads, and the JWS around them (RFC 8555 section 6.2, RFC 7515).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "certs/acme/answers.h"
#include "certs/acme/key.h"

namespace sp::acme {

/// An account that the CA knows from elsewhere (RFC 8555 section 7.3.4).
struct ExternalAccount {
  std::string id{};
  Secret key{};  ///< for HMAC-SHA256
};

/// Who signs: the account's address, or, while the CA does not know the key, the key itself.
struct Signer {
  const Key& key;
  std::string_view account{};  ///< empty: the key goes along as a JWK
};

/// A flattened JWS, ES256. Without a nonce for an inner one (key change).
Result<std::string> jws(const Signer& signer, std::string_view url, std::string_view nonce,
                        std::string_view payload);
/// The JWS that binds `account_key` to an external account, HS256.
std::string external_binding(const ExternalAccount& external, const Key& account_key,
                             std::string_view url);

struct Registration {
  std::vector<std::string> contacts{};  ///< "mailto:ops@example.com"
  bool terms_agreed = false;
  std::optional<ExternalAccount> external{};
};
std::string new_account_payload(const Registration& wanted, const Key& key, std::string_view url);
std::string existing_account_payload();
std::string key_change_payload(std::string_view account, const Key& old_key);

struct OrderRequest {
  std::vector<Host> names{};
  std::string profile{};   ///< empty: the CA's own choice
  std::string replaces{};  ///< the certificate id of RFC 9773; empty: none
};
std::string new_order_payload(const OrderRequest& wanted);
std::string finalize_payload(BytesView csr);
std::string revoke_payload(BytesView certificate, std::optional<int> reason);

}  // namespace sp::acme
