#include "core/api/internal/dispatch.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/openssl/crypto.h"
#include "base/secret/secret.h"

namespace sp::api {
namespace {

using access::Actor;

std::optional<Method> method_named(std::string_view text) {
  for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
    if (text == name(method)) return method;
  }
  return std::nullopt;
}

std::string cookie_of(const std::map<std::string, std::string>& headers) {
  const auto it = headers.find("cookie");
  if (it == headers.end()) return {};
  std::string_view rest = it->second;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    auto one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(session_cookie) && one.substr(session_cookie.size()).starts_with('='))
      return std::string{one.substr(session_cookie.size() + 1)};
  }
  return {};
}

// The token of a request: ours in Authorization; in the header APIKey for the call that we answer
// in another product's stead.
std::optional<std::string> token_of(const Request& request) {
  if (const auto given = request.header("authorization")) {
    constexpr std::string_view scheme = "bearer ";
    auto lower = given->substr(0, scheme.size());
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower == scheme ? given->substr(scheme.size()) : std::string{};
  }
  if (!request.path.starts_with("/api/v1/")) return request.header("apikey");
  return std::nullopt;
}

bool unsafe(Method method) {
  return method != Method::get;
}

std::optional<std::string> twice(const Incoming& incoming, Request& request) {
  for (const auto& [key, value] : incoming.query) {
    if (!request.query.emplace(key, value).second) return key.substr(0, 64);
  }
  return std::nullopt;
}

// Fills in the actor; a response when the request stops here.
Result<std::optional<Response>> authenticate(Core& core, Request& request) {
  std::optional<Response> stop;
  request.actor.source = request.actor.source.substr(0, 64);
  const auto source = request.actor.source;
  if (const auto token = token_of(request)) {
    auto caller = TRY(core.people.by_token(*token, source));
    if (!caller) {
      stop = problem(Code::unauthenticated, "the token is unknown, expired or revoked");
      return stop;
    }
    request.actor = std::move(caller->actor);
    return stop;
  }
  if (request.cookie.empty()) return stop;
  auto caller = TRY(core.people.by_cookie(request.cookie, source));
  if (!caller) return stop;
  const auto csrf = request.header("x-csrf-token").value_or("");
  if (unsafe(request.method) &&
      !openssl::equal(bytes::of(csrf), bytes::of(caller->session->csrf_token))) {
    stop = problem(Problem{Code::forbidden,
                           "the header X-CSRF-Token is missing or not this session's",
                           "csrf",
                           {},
                           {}});
    return stop;
  }
  request.actor = std::move(caller->actor);
  return stop;
}

// A refusal of somebody we know is worth a line in the trail; of strangers there would be no end.
void note_refusal(Core& core, const Actor& actor, access::Action action) {
  if (actor.kind == Actor::Kind::anonymous) return;
  audit::Entry entry{.event = audit::Event::access_refused};
  entry.ending = audit::Ending::refused;
  entry.actor = access::who(actor);
  entry.source = actor.source;
  entry.details = {{audit::Detail::reason, std::string{access::name(action)}}};
  if (const auto noted = core.audit.append(core.store, entry); !noted)
    log::error("audit.append", noted.error());
}

Response refusal(Core& core, const Request& request, const Route& route, const Error& error) {
  if (error.code() == Code::unauthenticated) return problem(Code::unauthenticated);
  if (request.actor.must_change_password)
    return problem(
        Problem{Code::forbidden, "change your password first", "password_change_required", {}, {}});
  note_refusal(core, request.actor, route.action);
  return problem(error.code());
}

Result<std::optional<Response>> read_body(const Route& route, Incoming& incoming,
                                          Request& request) {
  std::optional<Response> stop;
  if (route.body == Body::stream) {
    request.source_of_body = incoming.body;
    if (incoming.body == nullptr) stop = problem(Code::invalid_input, "a body is needed");
    return stop;
  }
  if (route.body == Body::none) return stop;
  if (request.media_type() != "application/json") {
    stop = problem(Code::invalid_input, "the body must be application/json");
    return stop;
  }
  if (incoming.body == nullptr) {
    stop = problem(Code::invalid_input, "a body is needed");
    return stop;
  }
  const auto receive = [&](BytesView piece) -> Outcome {
    request.body.append(bytes::text(piece));
    return {};
  };
  TRY(incoming.body->read(json_limit, receive));
  return stop;
}

Response failure(const Route& route, const Error& error) {
  const auto code = error.code();
  if (code == Code::internal || code == Code::unavailable || code == Code::corrupt)
    log::error("api.failed", error, {{"route", route.pattern}});
  return problem(code);
}

Response handled(Core& core, const Router::Match& match, Incoming& incoming, Request& request) {
  const auto& route = *match.route;
  auto stopped = authenticate(core, request);
  if (!stopped) return failure(route, stopped.error());
  if (*stopped) return std::move(**stopped);
  if (const auto allowed = access::allowed(request.actor, route.action); !allowed)
    return refusal(core, request, route, allowed.error());
  auto body = read_body(route, incoming, request);
  if (!body) return failure(route, body.error());
  if (*body) return std::move(**body);
  auto response = route.handler(request);
  if (!response) return failure(route, response.error());
  return std::move(*response);
}

Response not_here(const Router::Match& match) {
  auto response = problem(Code::not_found);
  if (match.other_method) response.status = 405;
  return response;
}

}  // namespace

Response Dispatcher::answer(Incoming& incoming) const {
  const auto method =
      method_named(incoming.method == "HEAD" ? "GET" : std::string_view{incoming.method});
  if (!method) return not_here({nullptr, {}, true});
  auto match = router_->find(*method, incoming.path);
  if (match.route == nullptr) return not_here(match);
  Request request;
  request.method = *method;
  request.path = incoming.path;
  request.headers = std::move(incoming.headers);
  request.parameters = std::move(match.parameters);
  request.cookie = cookie_of(request.headers);
  request.actor.source = incoming.source;
  if (const auto name = twice(incoming, request))
    return problem(Code::invalid_input, {}, {{*name, "is given twice"}});
  auto response = handled(*core_, match, incoming, request);
  wipe(request.body);
  return response;
}

}  // namespace sp::api
