#include "base/findings/findings.h"

#include <algorithm>

namespace sp::findings {
namespace {

constexpr std::size_t column = 14;

std::string_view mark(Grade grade) {
  switch (grade) {
    case Grade::good:
      return "ok    ";
    case Grade::note:
      return "note  ";
    default:
      return "BAD   ";
  }
}

}  // namespace

Finding good(std::string about, std::string what) {
  return {Grade::good, std::move(about), std::move(what), {}, {}};
}
Finding note(std::string about, std::string what, std::string why, std::string to_do) {
  return {Grade::note, std::move(about), std::move(what), std::move(why), std::move(to_do)};
}
Finding bad(std::string about, std::string what, std::string why, std::string to_do) {
  return {Grade::bad, std::move(about), std::move(what), std::move(why), std::move(to_do)};
}

std::string text(const Findings& all) {
  std::string out;
  const std::string under(6 + column, ' ');
  for (const auto& one : all) {
    auto about = one.about;
    about.resize(std::max(column, about.size() + 1), ' ');
    out += std::string{mark(one.grade)} + about + one.what + "\n";
    if (!one.why.empty()) out += under + "why: " + one.why + "\n";
    if (!one.to_do.empty()) out += under + "do:  " + one.to_do + "\n";
  }
  return out;
}

int exit_code(const Findings& all) {
  return std::ranges::any_of(all, [](const Finding& one) { return one.grade == Grade::bad; }) ? 1
                                                                                              : 0;
}

}  // namespace sp::findings
