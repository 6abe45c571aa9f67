#include "pushpull/items/certificates.h"

#include <algorithm>

#include "pushpull/items/codec.h"

namespace sp::pushpull {

using codec::decoded;
using codec::encoded;
using codec::Like;

namespace {

constexpr std::size_t most_code = 64;

Error beyond(const char* what) {
  return {Code::invalid_input, what};
}
bool is_base64url(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  });
}
// The token, ".", the SHA-256 of a key: 43 characters (RFC 8555 section 8.1).
bool answers(std::string_view answer, std::string_view token) {
  if (!answer.starts_with(token)) return false;
  answer.remove_prefix(token.size());
  return answer.size() == 44 && answer.front() == '.' && is_base64url(answer.substr(1));
}

}  // namespace

bool is_token(std::string_view text) {
  return text.size() >= least_token && text.size() <= most_token && is_base64url(text);
}

template <class A>
void describe(A& a, Like<ChallengePut> auto& v) {
  a.map(3);
  a("token", v.token);
  a("answer", v.answer);
  a("expires_at", v.expires_at);
}
template <class A>
void describe(A& a, Like<ChallengeRemove> auto& v) {
  a.map(1);
  a("token", v.token);
}
template <class A>
void describe(A& a, Like<CertificateRequest> auto& v) {
  a.map(2);
  a("order", v.order);
  a("names", v.names);
}
template <class A>
void describe(A& a, Like<CertificatePut> auto& v) {
  a.map(2);
  a("order", v.order);
  a("chain", v.chain);
}
template <class A>
void describe(A& a, Like<CertificateRequested> auto& v) {
  a.map(2);
  a("order", v.order);
  a("csr", v.csr);
}
template <class A>
void describe(A& a, Like<CertificateInstalled> auto& v) {
  a.map(2);
  a("order", v.order);
  a("fingerprint", v.fingerprint);
}
template <class A>
void describe(A& a, Like<CertificateRefused> auto& v) {
  a.map(2);
  a("order", v.order);
  a("code", v.code);
}

Bytes encode(const ChallengePut& body) {
  return encoded(body);
}
Bytes encode(const ChallengeRemove& body) {
  return encoded(body);
}
Bytes encode(const CertificateRequest& body) {
  return encoded(body);
}
Bytes encode(const CertificatePut& body) {
  return encoded(body);
}
Bytes encode(const CertificateRequested& body) {
  return encoded(body);
}
Bytes encode(const CertificateInstalled& body) {
  return encoded(body);
}
Bytes encode(const CertificateRefused& body) {
  return encoded(body);
}

Result<ChallengePut> decode_challenge_put(BytesView body) {
  auto value = TRY(decoded<ChallengePut>(body));
  if (!is_token(value.token) || !answers(value.answer, value.token))
    return beyond("a token or its answer");
  return value;
}
Result<ChallengeRemove> decode_challenge_remove(BytesView body) {
  auto value = TRY(decoded<ChallengeRemove>(body));
  if (!is_token(value.token)) return beyond("a token");
  return value;
}
Result<CertificateRequest> decode_certificate_request(BytesView body) {
  auto value = TRY(decoded<CertificateRequest>(body));
  if (value.names.empty() || value.names.size() > most_order_names ||
      std::ranges::any_of(value.names, [](const std::string& name) {
        return name.empty() || name.size() > most_order_name;
      }))
    return beyond("names of a certificate");
  return value;
}
Result<CertificatePut> decode_certificate_put(BytesView body) {
  auto value = TRY(decoded<CertificatePut>(body));
  if (value.chain.empty() || value.chain.size() > most_chain)
    return beyond("a chain beyond its limits");
  return value;
}
Result<CertificateRequested> decode_certificate_requested(BytesView body) {
  auto value = TRY(decoded<CertificateRequested>(body));
  if (value.csr.empty() || value.csr.size() > most_request)
    return beyond("a request beyond its limits");
  return value;
}
Result<CertificateInstalled> decode_certificate_installed(BytesView body) {
  return decoded<CertificateInstalled>(body);
}
Result<CertificateRefused> decode_certificate_refused(BytesView body) {
  auto value = TRY(decoded<CertificateRefused>(body));
  if (value.code.size() > most_code) return beyond("a code beyond its limits");
  return value;
}

}  // namespace sp::pushpull
