#include <nlohmann/json.hpp>

#include "certs/cli/judging.h"

namespace sp::certs {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string verdict_json(const verify::Verdict& verdict, const SecondOpinion& second) {
  ordered_json json{{"schema", 1},
                    {"accepted", verdict.accepted},
                    {"reason", verdict.reason},
                    {"path", verdict.path}};
  if (second.asked)
    json["second_opinion"] = {{"accepted", second.accepted}, {"reason", second.reason}};
  return text_of(json);
}

}  // namespace sp::certs
