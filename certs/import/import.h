#pragma once
// Sorts out what an administrator got from an authority: files in any form, order and mixture.

#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/secret/secret.h"
#include "certs/verify/verify.h"

namespace sp::certs::import {

/// All that the files held.
struct Pile {
  std::vector<verify::Certificate> certificates;
  std::vector<openssl::Pkey> keys;
};

/// Adds what `file` holds: PEM (certificates, keys also encrypted, PKCS #7), or DER of a
/// certificate, key, PKCS #7 or PKCS #12. `invalid_input` when it holds none of these,
/// `forbidden` when the password does not open it; the sentence names `name`.
Outcome add(Pile& pile, const Secret& file, const Secret& password, const std::string& name);

struct Wanted {
  std::string host;  ///< what the server is called; empty: not asked
  Instant now;
};

struct Sorted {
  std::string chain;                  ///< PEM, leaf first, without the root
  Secret key;                         ///< PEM, PKCS #8
  std::vector<std::string> subjects;  ///< of the chain
  std::vector<std::string> names;     ///< that the leaf is for
  Instant until;
  std::vector<std::string> warnings;  ///< sentences: what is missing or left out
};

/// Finds the leaf whose key is there and the chain above it. `invalid_input` with a sentence that
/// says what to do when the key is another's or missing, the leaf is of another name, or there is
/// no server's certificate; `expired` when it is over.
Result<Sorted> sort(const Pile& pile, const Wanted& wanted);

}  // namespace sp::certs::import
