#include <nlohmann/json.hpp>

#include "base/findings/findings.h"

namespace sp::findings {
namespace {

const char* name(Grade grade) {
  switch (grade) {
    case Grade::good:
      return "good";
    case Grade::note:
      return "note";
    default:
      return "bad";
  }
}

}  // namespace

std::string json(const Findings& all) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& one : all)
    list.push_back({{"grade", name(one.grade)},
                    {"about", one.about},
                    {"what", one.what},
                    {"why", one.why},
                    {"to_do", one.to_do}});
  const nlohmann::ordered_json whole{{"well", exit_code(all) == 0}, {"findings", std::move(list)}};
  return whole.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace sp::findings
