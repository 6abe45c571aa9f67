#include "core/api/router.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/result/ensure.h"
#include "core/api/internal/json.h"

namespace sp::api {
namespace {

constexpr std::string_view prefix = "/api/v1";
constexpr int least_limit = 1, most_limit = 200;

std::string full(const std::string& pattern) {
  return pattern.starts_with("/api/") ? pattern : std::string{prefix} + pattern;
}

// The next piece of a path, without its slash.
std::string_view next_piece(std::string_view& rest) {
  rest.remove_prefix(1);
  const auto end = std::min(rest.find('/'), rest.size());
  const auto piece = rest.substr(0, end);
  rest.remove_prefix(end);
  return piece;
}

std::optional<std::map<std::string, std::string>> fit(std::string_view pattern,
                                                      std::string_view path) {
  std::map<std::string, std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_piece(pattern);
    const auto there = next_piece(path);
    if (wanted.starts_with('{')) {
      if (there.empty() || there.size() > 64) return std::nullopt;
      parameters.emplace(wanted.substr(1, wanted.size() - 2), there);
    } else if (wanted != there) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

// What a stranger reads: fixed, by the code alone.
std::string_view title_of(Code code) {
  constexpr std::array titles{
      std::string_view{"The request cannot be accepted as it is"},
      std::string_view{"Sign in first"},
      std::string_view{"This is not allowed"},
      std::string_view{"There is no such thing"},
      std::string_view{"It changed meanwhile, or exists already"},
      std::string_view{"Too late: it has expired"},
      std::string_view{"Too many requests: try again later"},
      std::string_view{"Stored data does not hold together"},
      std::string_view{"The service is not available at the moment: try again"},
      std::string_view{"An error of ours: the log of the core says more"},
  };
  return titles[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view name(Method method) {
  constexpr std::array names{std::string_view{"GET"}, std::string_view{"POST"},
                             std::string_view{"PUT"}, std::string_view{"PATCH"},
                             std::string_view{"DELETE"}};
  return names[static_cast<std::size_t>(method)];
}

std::string_view Request::parameter(const std::string& of) const {
  const auto it = parameters.find(of);
  ensure(it != parameters.end());
  return it->second;
}

std::optional<std::string> Request::asked(const std::string& name_in_query) const {
  const auto it = query.find(name_in_query);
  return it == query.end() ? std::nullopt : std::optional{it->second};
}

std::optional<std::string> Request::header(const std::string& lower_case_name) const {
  const auto it = headers.find(lower_case_name);
  return it == headers.end() ? std::nullopt : std::optional{it->second};
}

std::string Request::media_type() const {
  auto type = header("content-type").value_or("");
  type.resize(std::min(type.find(';'), type.size()));
  while (type.ends_with(' ')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type;
}

Response no_content() {
  Response response;
  response.status = 204;
  response.type.clear();
  return response;
}

Response problem(const Problem& what) {
  Json body{{"type", "about:blank"},
            {"title", title_of(what.code)},
            {"status", http_status(what.code)},
            {"code", name(what.code)}};
  if (!what.detail.empty()) body["detail"] = what.detail;
  if (!what.reason.empty()) body["reason"] = what.reason;
  for (const auto& error : what.errors)
    body["errors"].push_back({{"field", error.field}, {"detail", error.detail}});
  Response response = json_response(body, http_status(what.code));
  response.type = "application/problem+json";
  if (what.retry_after) {
    body["retry_after"] = *what.retry_after;
    response.body = body.dump();
    response.headers.emplace_back("Retry-After", std::to_string(*what.retry_after));
  }
  if (what.code == Code::unauthenticated)
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

void Router::add(Route route) {
  route.pattern = full(route.pattern);
  for (const auto& known : routes_)
    ensure(known.method != route.method || known.pattern != route.pattern);
  routes_.push_back(std::move(route));
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  bool exact = false;
  for (const auto& route : routes_) {
    auto parameters = fit(route.pattern, path);
    if (!parameters) continue;
    if (route.method != method) {
      match.other_method = true;
      continue;
    }
    // "/settings/compose" before "/settings/{id}".
    if (match.route != nullptr && (exact || !parameters->empty())) continue;
    exact = parameters->empty();
    match.route = &route;
    match.parameters = std::move(*parameters);
  }
  return match;
}

Result<Page> page_of(const Request& request) {
  Page page;
  if (const auto after = request.asked("after"); after && !after->empty()) {
    const auto key = bytes::from_base64url(*after);
    if (!key || key->size() > 384 || !bytes::is_utf8(bytes::text(*key)))
      return Error{Code::invalid_input, "after"};
    page.after = bytes::text(*key);
  }
  if (const auto limit = request.asked("limit")) {
    const auto* end = limit->data() + limit->size();
    const auto [stop, error] = std::from_chars(limit->data(), end, page.limit);
    if (error != std::errc{} || stop != end || page.limit < least_limit || page.limit > most_limit)
      return Error{Code::invalid_input, "limit"};
  }
  return page;
}

std::string cursor(std::string_view key) {
  return bytes::base64url(bytes::of(key));
}

std::optional<Instant> time_asked(const Request& request, const std::string& name,
                                  std::vector<FieldProblem>& wrong) {
  const auto text = request.asked(name);
  if (!text || text->empty()) return std::nullopt;
  const auto at = parse_rfc3339(*text);
  if (at) return *at;
  wrong.push_back({name, "must be a time such as 2026-11-23T22:26:03Z"});
  return std::nullopt;
}

}  // namespace sp::api
