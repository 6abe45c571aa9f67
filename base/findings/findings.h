#pragma once
// What a doctor found, and how it is told.

#include <cstdint>
#include <string>
#include <vector>

namespace sp::findings {

enum class Grade : std::uint8_t {
  good,
  note,  ///< to be looked at some day; all works
  bad,   ///< something does not work, or will soon not
};

struct Finding {
  Grade grade = Grade::good;
  std::string about;  ///< "certificate"
  std::string what;   ///< "It is for send.example.com alone."
  std::string why;    ///< what follows from it; empty when good
  std::string to_do;  ///< empty when good
};
using Findings = std::vector<Finding>;

Finding good(std::string about, std::string what);
Finding note(std::string about, std::string what, std::string why, std::string to_do);
Finding bad(std::string about, std::string what, std::string why, std::string to_do);

/// For people: one finding after the other.
std::string text(const Findings& all);
/// For programs: `{"well": bool, "findings": [{"grade", "about", "what", "why", "to_do"}]}`.
std::string json(const Findings& all);
/// 1 when something is bad.
int exit_code(const Findings& all);

}  // namespace sp::findings
