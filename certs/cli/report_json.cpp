#include <nlohmann/json.hpp>

#include "certs/cli/report.h"

namespace sp::certs {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Description& one) {
  return {{"subject", one.subject},
          {"issuer", one.issuer},
          {"names", one.names},
          {"valid_from", rfc3339(one.from)},
          {"valid_until", rfc3339(one.until)},
          {"days_left", one.days_left},
          {"authority", one.authority},
          {"sha256", one.fingerprint},
          {"pin", one.pin}};
}

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

struct ReportWriter {
  static ordered_json of(const Report& report) {
    auto json = ordered_json::object();
    for (const auto& fact : report.facts_)
      if (!fact.key.empty())
        std::visit([&](const auto& value) { json[fact.key] = value; }, fact.value);
    if (report.rows_key_.empty()) return json;
    json[report.rows_key_] = ordered_json::array();
    for (const auto& row : report.rows_) json[report.rows_key_].push_back(of(row));
    return json;
  }
};

std::string Report::json() const {
  ordered_json json{{"schema", 1}};
  json.update(ReportWriter::of(*this));
  return text_of(json);
}

std::string shown_json(const std::filesystem::path& file, const std::vector<Description>& chain) {
  ordered_json json{{"schema", 1}, {"file", file.string()}, {"chain", ordered_json::array()}};
  for (const auto& one : chain) json["chain"].push_back(json_of(one));
  return text_of(json);
}

}  // namespace sp::certs
