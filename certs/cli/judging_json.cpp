#include <nlohmann/json.hpp>

#include "certs/cli/judging.h"

namespace sp::certs {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string verdict_json(const verify::Verdict& verdict, const Second& second) {
  ordered_json json{{"schema", 1},
                    {"accepted", verdict.accepted},
                    {"reason", verdict.reason},
                    {"path", ordered_json::array()}};
  for (const auto* one : verdict.path) json["path"].push_back(name_text(one->view.subject));
  if (second)
    json["second_opinion"] = {
        {"by", "Mbed TLS"}, {"accepted", second->accepted}, {"reason", second->reason}};
  return text_of(json);
}

}  // namespace sp::certs
