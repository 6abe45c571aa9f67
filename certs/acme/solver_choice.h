#pragma once
// The solvers that an administrator can name in one word, as on the command line.
//
//   http-01:  listen=ADDRESS:PORT | webroot=FOLDER | hook=PROGRAM
//   dns-01:   rfc2136=SERVER,key-file=FILE[,zone=ZONE][,seen-by=SERVER]... | hook=PROGRAM

#include <memory>
#include <string>
#include <vector>

#include "certs/acme/session.h"
#include "certs/acme/solver.h"

namespace sp::acme {

struct SolverChoice {
  ChallengeKind kind = ChallengeKind::http_01;
  std::string way{};     ///< "listen", "webroot", "hook", "rfc2136"
  std::string target{};  ///< of the way; files and folders absolute
  std::string key_file{};
  std::string zone{};
  std::vector<std::string> seen_by{};

  /// `invalid_input` with what is allowed.
  static Result<SolverChoice> parse(ChallengeKind kind, std::string_view text);
  [[nodiscard]] std::string text() const;  ///< what `parse` reads
};

/// Reads the TSIG key, or opens the port.
Result<std::unique_ptr<ChallengeSolver>> make_solver(const SolverChoice& choice,
                                                     const World& world);

}  // namespace sp::acme
