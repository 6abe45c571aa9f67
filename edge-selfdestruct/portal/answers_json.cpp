#include <fmt/compile.h>
#include <nlohmann/json.hpp>

#include "base/time/clock.h"
#include "edge-selfdestruct/portal/answers.h"

namespace sp::edge_selfdestruct {
namespace {

using Json = nlohmann::ordered_json;

std::string_view title(Code code) {
  switch (code) {
    case Code::invalid_input:
      return "The request is not of the form that this page sends.";
    case Code::not_found:
      return "This message is no longer available.";
    case Code::forbidden:
      return "The passphrase is missing or wrong.";
    case Code::too_many:
      return "Too many tries. Wait a little and try again.";
    default:
      return "The service cannot do this just now. Nothing was used up. Try again.";
  }
}

std::string text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

http::Response json_answer(int status, const Json& json, std::string_view type) {
  http::Response out;
  out.status = status;
  out.headers = {{"Content-Type", std::string{type}}, {"Cache-Control", "no-store"}};
  out.body = text(json);
  return out;
}

std::string passphrase_text(const std::optional<Stretch>& stretch) {
  if (!stretch) return "null";
  return fmt::format(R"({{"salt":"{}","memory_kib":{},"passes":{}}})",
                     bytes::base64url(stretch->salt), stretch->memory_kib, stretch->passes);
}

// 503 for whatever is not the asker's doing: nothing was claimed.
Code told(Code code) {
  switch (code) {
    case Code::invalid_input:
    case Code::not_found:
    case Code::forbidden:
    case Code::too_many:
      return code;
    default:
      return Code::unavailable;
  }
}

}  // namespace

// The one answer that pages ask for again and again: put together without a tree of values.
std::string status_json(const Record& record) {
  return fmt::format(
      FMT_COMPILE(R"({{"views_left":{},"views":{},"expires_at":"{}","sender":{},"passphrase":{},)"
                  R"("attempts_left":{},"size":{},"grace_until":{}}})"),
      record.left, record.views, rfc3339(record.expires_at),
      record.sender ? text(*record.sender) : "null", passphrase_text(record.stretch),
      record.attempts, record.size,
      record.grace_until ? '"' + rfc3339(*record.grace_until) + '"' : "null");
}

std::string branding_json(const std::optional<pushpull::SettingsPut>& branding,
                          std::string_view logo_path) {
  const auto shown = branding.value_or(pushpull::SettingsPut{});
  const bool has_logo = !shown.logo.empty();
  return text(Json{{"name", shown.name},
                   {"colour", shown.colour},
                   {"help", shown.help},
                   {"languages", shown.languages},
                   {"logo", has_logo ? Json(logo_path) : Json(nullptr)}});
}

http::Response problem(const Denied& denied) {
  const Code code = told(denied.code);
  Json json{{"type", "about:blank"},
            {"title", title(code)},
            {"status", http_status(code)},
            {"code", name(code)}};
  if (denied.attempts_left) json["attempts_left"] = *denied.attempts_left;
  auto out = json_answer(http_status(code), json, "application/problem+json");
  if (!denied.retry_after) return out;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*denied.retry_after);
  out.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  return out;
}

http::Response problem(Code code) {
  return problem(Denied{code, std::nullopt, std::nullopt});
}

http::Response method_not_allowed(std::string_view allowed) {
  Json json{{"type", "about:blank"},
            {"title", "This address does not know that method."},
            {"status", 405},
            {"code", "invalid_input"}};
  auto out = json_answer(405, json, "application/problem+json");
  out.headers.emplace_back("Allow", std::string{allowed});
  return out;
}

}  // namespace sp::edge_selfdestruct
