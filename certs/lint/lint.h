#pragma once
// Looks for what is wrong in a certificate by the rules of RFC 5280 and the CA/Browser Forum's
// Baseline Requirements. A rule is one line in a table (internal/*.cpp); its id stays for ever. The
// ids are those that zlint made common, so that reports of both can be compared.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "certs/x509/names.h"

namespace sp::certs::lint {

enum class Severity : std::uint8_t { notice, warning, error };
std::string_view name(Severity severity);  ///< "notice"

struct Finding {
  std::string_view id;
  Severity severity;
  std::string_view citation;  ///< "BR 7.1.2.7.6"
  std::string_view sentence;  ///< what is wrong, and what to do
};

/// Which rules: those for public authorities make no sense for one's own.
enum class Scope : std::uint8_t { everyone, public_authorities };

/// What is wrong with `view` by the rules that stood when it was issued, the worst first.
std::vector<Finding> findings(const View& view, Scope scope, const PublicSuffixes& suffixes);

/// All rules, for the documentation and the tests.
struct RuleName {
  std::string_view id;
  std::string_view sentence;
};
std::vector<RuleName> all_rules();

}  // namespace sp::certs::lint
