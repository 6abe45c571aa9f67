#pragma once
// Everything that can be said of a server's certificate: key, chain, names, dates, rules, clients.

#include <optional>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "certs/lint/clients.h"
#include "certs/lint/lint.h"
#include "certs/verify/verify.h"

namespace sp::certs::check {

/// Yes or no, and why.
struct Answer {
  bool good = false;
  std::string sentence;
};

struct Subject {
  std::vector<Bytes> chain;      ///< DER, leaf first
  verify::Roots roots;           ///< what is trusted
  bool roots_are_public = true;  ///< those that clients bring with them, not one's own
  bool as_public = false;        ///< judge by the rules for public authorities in any case
  std::string host;              ///< empty: not asked
  EVP_PKEY* key = nullptr;       ///< null: not asked
  Instant now;
};

struct Report {
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;
  std::optional<Instant> from;
  std::optional<Instant> until;
  bool is_public = false;
  Answer dates;
  Answer chain;
  std::optional<Answer> host;
  std::optional<Answer> key;
  std::vector<lint::Finding> findings;
  std::vector<lint::ClientOpinion> clients;
  /// Nothing is wrong that a client or an authority would refuse.
  [[nodiscard]] bool good() const;
};

/// `invalid_input` when the first certificate of the chain is none.
Result<Report> examine(const Subject& subject, const PublicSuffixes& suffixes);

}  // namespace sp::certs::check
