#include <nlohmann/json.hpp>

#include "certs/cli/judging.h"

namespace sp::certs {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json json_of(const check::Answer& answer) {
  return {{"good", answer.good}, {"sentence", answer.sentence}};
}

ordered_json json_of(const std::optional<Instant>& at) {
  return at ? ordered_json(rfc3339(*at)) : ordered_json(nullptr);
}

ordered_json json_of(const check::Report& report) {
  ordered_json json{{"good", report.good()},
                    {"subject", report.subject},
                    {"issuer", report.issuer},
                    {"names", report.names},
                    {"valid_from", json_of(report.from)},
                    {"valid_until", json_of(report.until)},
                    {"public", report.is_public},
                    {"dates", json_of(report.dates)},
                    {"chain", json_of(report.chain)}};
  if (report.host) json["host"] = json_of(*report.host);
  if (report.key) json["key"] = json_of(*report.key);
  json["findings"] = ordered_json::array();
  for (const auto& one : report.findings)
    json["findings"].push_back({{"id", one.id},
                                {"severity", lint::name(one.severity)},
                                {"citation", one.citation},
                                {"sentence", one.sentence}});
  json["clients"] = ordered_json::array();
  for (const auto& one : report.clients)
    json["clients"].push_back(
        {{"client", one.client}, {"accepts", one.accepts}, {"sentence", one.sentence}});
  return json;
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

std::string checked_json(const std::vector<Checked>& all) {
  ordered_json json{{"schema", 1}, {"checked", ordered_json::array()}};
  for (const auto& one : all) {
    ordered_json entry{{"source", one.source}};
    if (one.report)
      entry.update(json_of(*one.report));
    else
      entry.update({{"good", false}, {"error", one.report.error().detail()}});
    json["checked"].push_back(std::move(entry));
  }
  return text_of(json);
}

std::string imported_json(const import::Sorted& sorted, const std::filesystem::path& certificate,
                          const std::filesystem::path& key, bool written) {
  return text_of({{"schema", 1},
                  {"certificate", certificate.string()},
                  {"key", key.string()},
                  {"written", written},
                  {"chain", sorted.subjects},
                  {"names", sorted.names},
                  {"valid_until", rfc3339(sorted.until)},
                  {"warnings", sorted.warnings}});
}

}  // namespace sp::certs
