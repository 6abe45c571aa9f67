#pragma once
// The command sallyport-certs, as a function: `main` and the tests call it.

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/openssl/handle.h"
#include "base/random/random.h"
#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::commandline {
class App;
}

namespace sp::certs {

/// What a command works with. Data goes to `out`; complaints and advice to `err`.
struct Context {
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  Random& random;
  bool json = false;
  Outcome outcome{};   ///< of the command that ran
  std::string hint{};  ///< what to do about its failure
  bool no = false;     ///< it worked, and the answer is no (not due, not good): exit code 1
  std::string next{};  ///< what to do next: the last line on `err`, unless `quiet`
  bool quiet = false;
  std::istream* in = nullptr;  ///< where answers come from; null: nobody is there to ask
};

/// 0 done or yes, 1 no, not due, not found or expired, 2 wrong usage, 3 failure, 4 not permitted.
int run(const std::vector<std::string>& arguments, Context& context);

/// What came of reading a file that the user named: one that is not there is a failure, and no
/// "no".
template <class T>
Result<T> given(Result<T> read) {
  if (read || read.error().code() != Code::not_found) return read;
  return Error{Code::unavailable, read.error().detail()};
}

// Each adds its command to `app`; the command runs while the arguments are parsed.
void add_acme(commandline::App& app, Context& context);
void add_ca(commandline::App& app, Context& context);
void add_trust(commandline::App& app, Context& context);
void add_export(commandline::App& app, Context& context);
void add_advise(commandline::App& app, Context& context);
void add_csr(commandline::App& app, Context& context);
void add_issue(commandline::App& app, Context& context);
void add_needs_renewal(commandline::App& app, Context& context);
void add_pin(commandline::App& app, Context& context);
void add_rollback(commandline::App& app, Context& context);
void add_self_signed(commandline::App& app, Context& context);
void add_show(commandline::App& app, Context& context);
void add_status(commandline::App& app, Context& context);
// The same for commands of `ca`.
void add_crl(commandline::App& ca, Context& context);
void add_renew(commandline::App& ca, Context& context);
void add_revoke(commandline::App& ca, Context& context);
void add_rotate(commandline::App& ca, Context& context);
void add_sign(commandline::App& ca, Context& context);

/// What `show` tells of a certificate.
struct Description {
  std::string subject;
  std::string issuer;
  std::vector<std::string> names;
  Instant from;
  Instant until;
  std::int64_t days_left = 0;  ///< negative when expired
  bool authority = false;
  std::string fingerprint;  ///< SHA-256 of the certificate, hex
  std::string pin;          ///< SHA-256 of its public key, hex
};
/// The first certificate of a file.
Result<openssl::Cert> load_leaf(const std::filesystem::path& file);
Result<std::vector<Description>> describe(const std::filesystem::path& file, Instant now);

// One JSON object each, on one line.
std::string shown_json(const std::filesystem::path& file, const std::vector<Description>& chain);

}  // namespace sp::certs
