#include <nlohmann/json.hpp>

#include "base/openssl/crypto.h"
#include "certs/acme/requests.h"

namespace sp::acme {
namespace {

using json = nlohmann::ordered_json;

std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

json jwk(const Key& key) {
  return {{"kty", "EC"}, {"crv", "P-256"}, {"x", key.x()}, {"y", key.y()}};
}

std::string encoded(std::string_view text) {
  return bytes::base64url(bytes::of(text));
}

std::string flattened(const std::string& head, const std::string& payload,
                      const std::string& signature) {
  return text_of({{"protected", head}, {"payload", payload}, {"signature", signature}});
}

}  // namespace

Result<std::string> jws(const Signer& signer, std::string_view url, std::string_view nonce,
                        std::string_view payload) {
  json head{{"alg", "ES256"}};
  if (!nonce.empty()) head["nonce"] = nonce;
  head["url"] = url;
  if (signer.account.empty())
    head["jwk"] = jwk(signer.key);
  else
    head["kid"] = signer.account;
  const auto first = encoded(text_of(head));
  const auto second = encoded(payload);
  return flattened(first, second, TRY(signer.key.sign(first + "." + second)));
}

std::string external_binding(const ExternalAccount& external, const Key& account_key,
                             std::string_view url) {
  const auto head = encoded(text_of({{"alg", "HS256"}, {"kid", external.id}, {"url", url}}));
  const auto payload = encoded(text_of(jwk(account_key)));
  const auto mac = openssl::hmac_sha256(external.key.expose(),
                                        {bytes::of(head), bytes::of("."), bytes::of(payload)});
  return flattened(head, payload, bytes::base64url(mac));
}

std::string new_account_payload(const Registration& wanted, const Key& key, std::string_view url) {
  json out = json::object();
  if (wanted.terms_agreed) out["termsOfServiceAgreed"] = true;
  if (!wanted.contacts.empty()) out["contact"] = wanted.contacts;
  if (wanted.external)
    out["externalAccountBinding"] = json::parse(external_binding(*wanted.external, key, url));
  return text_of(out);
}

std::string existing_account_payload() {
  return text_of({{"onlyReturnExisting", true}});
}

std::string key_change_payload(std::string_view account, const Key& old_key) {
  return text_of({{"account", account}, {"oldKey", jwk(old_key)}});
}

std::string new_order_payload(const OrderRequest& wanted) {
  json out{{"identifiers", json::array()}};
  for (const auto& name : wanted.names)
    out["identifiers"].push_back(
        {{"type", name.kind == Host::Kind::dns ? "dns" : "ip"}, {"value", name.text}});
  if (!wanted.profile.empty()) out["profile"] = wanted.profile;
  if (!wanted.replaces.empty()) out["replaces"] = wanted.replaces;
  return text_of(out);
}

std::string finalize_payload(BytesView csr) {
  return text_of({{"csr", bytes::base64url(csr)}});
}

std::string revoke_payload(BytesView certificate, std::optional<int> reason) {
  json out{{"certificate", bytes::base64url(certificate)}};
  if (reason) out["reason"] = *reason;
  return text_of(out);
}

}  // namespace sp::acme
