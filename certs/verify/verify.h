#pragma once
// Whether a certificate is to be believed: OpenSSL judges signatures and RFC 5280's path rules over
// every path that we can find; the rules that it leaves out are ours (rules.h).

#include <optional>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "certs/x509/names.h"

namespace sp::certs::verify {

/// A certificate in the two forms that we need: OpenSSL's for signatures, ours for rules.
struct Certificate {
  openssl::Cert x509;
  View view;
  /// `invalid_input` when either reader refuses it.
  static Result<Certificate> parse(BytesView der);
};

enum class Purpose : std::uint8_t { server, client };
enum class Policy : std::uint8_t {
  webpki,  ///< as browsers and the Baseline Requirements have it
  rfc5280  ///< what the RFC asks of any certificate: no purpose needed, Ed25519 allowed
};

/// Shared, because a system has a hundred of them and many certificates are judged by the same.
using Roots = std::shared_ptr<const std::vector<Certificate>>;
/// Those in PEM or DER; what does not parse is left out, as if it were not there.
Result<Roots> roots_in(BytesView file);

struct Question {
  Certificate leaf;
  std::vector<Certificate> intermediates;
  Roots roots;
  std::vector<openssl::Handle<X509_CRL, ::X509_CRL_free>> crls;  ///< none: revocation is not asked
  std::string host;                                              ///< empty: the name is not asked
  std::vector<std::string> mailboxes;                            ///< each must be named
  Purpose purpose = Purpose::server;
  Policy policy = Policy::webpki;
  std::optional<Instant> at;             ///< nothing: dates are not asked
  std::optional<std::size_t> max_depth;  ///< intermediates that are not self-issued
};

/// Where PEM or DER of certificates and lists comes from.
struct Files {
  BytesView chain;  ///< leaf first, then intermediates in any order
  BytesView crls;   ///< may be empty
};
/// Reads both. A leaf that does not parse is `corrupt`, a list `invalid_input`; an intermediate
/// that does not is left out, as if it were not there.
Result<Question> question_of(const Files& files, Roots roots);

struct Verdict {
  bool accepted = false;
  std::string reason;  ///< one sentence; what to do when it was refused
  /// Leaf first: the accepted path, else the first that was judged. Points into the question.
  std::vector<const Certificate*> path;
};

/// Bounded: gives up, and refuses, after a fixed number of signatures and paths.
Verdict judge(const Question& question, const PublicSuffixes& suffixes);

}  // namespace sp::certs::verify
