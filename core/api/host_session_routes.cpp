#include "core/api/host_session_routes.h"

#include <thread>

#include "core/api/host_session_json.h"
#include "core/api/internal/shapes.h"

namespace sp::api {
namespace {

using access::Action;
using sessions::Session;

constexpr Duration live_patience = std::chrono::seconds{10};

constexpr auto in_json = [](const auto& value) { return to_json(value); };

sessions::Context context_of(Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

access::Object object_of(const Session& session) {
  return {"host_session", session.id, session.owner};
}

/// The session of the path, and the permit to do `action` with it.
struct Judged {
  Session session;
  access::Permit permit;
};
Result<Judged> judged(Core& core, Request& request, Action action) {
  auto session = TRY(sessions::find(core.store, request.parameter("id")));
  const auto permit = TRY(access::authorise(request.actor, action, object_of(session)));
  return Judged{std::move(session), permit};
}

std::vector<sessions::State> states_of(const Request& request, std::vector<FieldProblem>& wrong) {
  std::vector<sessions::State> out;
  const auto asked = request.asked("state").value_or("");
  for (std::string_view rest = asked; !rest.empty();) {
    const auto comma = rest.find(',');
    const auto state = sessions::state_named(rest.substr(0, comma));
    if (!state) {
      wrong.push_back({"state", "states separated by commas, as in the API's description"});
      return {};
    }
    out.push_back(*state);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return out;
}

Result<Response> list(Core& core, Request& request) {
  const bool all = request.asked("all") == "true";
  const auto& actor = request.actor;
  const auto permit =
      TRY(access::authorise(actor, Action::host_sessions_read,
                            {"host_session", "", all ? std::string_view{} : actor.person}));
  std::vector<FieldProblem> wrong;
  sessions::Filter filter;
  filter.states = states_of(request, wrong);
  filter.part = request.asked("q").value_or("");
  filter.owner = all ? request.asked("user").value_or("") : actor.person;
  filter.host = request.asked("host").value_or("");
  filter.site = request.asked("site").value_or("");
  filter.from = time_asked(request, "from", wrong);
  filter.to = time_asked(request, "to", wrong);
  if (filter.part.size() > 200 || !bytes::is_utf8(filter.part))
    wrong.push_back({"q", "at most 200 bytes"});
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  const auto page = TRY(page_of(request));
  const auto found = TRY(sessions::list(core.store, permit, filter, page.after, page.limit));
  return page_response(found, page.limit, sessions::key_of, in_json);
}

Result<Response> detail(Core& core, Request& request, int status = 200) {
  const auto [session, permit] = TRY(judged(core, request, Action::host_sessions_read));
  auto out = to_json(session);
  const auto events = TRY(sessions::timeline(core.store, permit, session.id));
  const auto files = TRY(sessions::files(core.store, permit, session.id));
  const auto comments = TRY(sessions::comments(core.store, permit, session.id));
  out["events"] = items_of(events, in_json);
  out["files"] = items_of(files, in_json);
  out["comments"] = items_of(comments, in_json);
  return json_response(out, status);
}

Result<Response> connect(Core& core, sessions::Running& running, const Inventory& inventory,
                         Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::host_sessions_connect));
  auto body = TRY(parse_json(request.body));
  Members members{body};
  Inventory::Wanted wanted{members.text("host", {1, 64}),
                           members.maybe_text("credential", {1, 64}).value_or(""),
                           members.maybe_text("reason", {0, 500, true}).value_or("")};
  auto problems = members.done();
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));

  auto answer = TRY(inventory.destination(request.actor, wanted));
  if (auto* refusal = std::get_if<Response>(&answer)) return std::move(*refusal);
  auto& destination = std::get<sessions::Destination>(answer);
  auto made = TRY(sessions::connect(context_of(core), running.links(), permit,
                                    std::move(destination), wanted.reason,
                                    [](Duration time) { std::this_thread::sleep_for(time); }));
  if (const auto* refusal = std::get_if<sessions::NotConnected>(&made))
    return problem(refusal->code, refusal->detail);
  const auto& connected = std::get<sessions::Connected>(made);
  const std::string url{bytes::text(connected.url.expose())};
  auto response = json_response({{"session", to_json(connected.session)}, {"url", url}}, 201);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<Response> end(Core& core, sessions::Running& running, Request& request) {
  const auto [session, permit] = TRY(judged(core, request, Action::host_sessions_write));
  const auto ended = sessions::end(context_of(core), permit, session.id, running.links().wake);
  if (!ended && ended.error().code() == Code::conflict)
    return problem(Code::conflict, "The session is over.");
  if (!ended) return ended.error();
  return detail(core, request);
}

Result<Response> comment(Core& core, Request& request) {
  const auto [session, permit] = TRY(judged(core, request, Action::host_sessions_write));
  auto body = TRY(parse_json(request.body));
  Members members{body};
  const auto text = members.text("text", {1, sessions::longest_comment, true});
  auto problems = members.done();
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));
  TRY(sessions::comment(context_of(core), permit, session.id, text));
  return detail(core, request, 201);
}

Response no_recording(const Error& error) {
  switch (error.code()) {
    case Code::expired:
      return problem(Code::expired, "The recording was erased: its site keeps them no longer.");
    case Code::unavailable:
      return problem(Code::unavailable, "The recording has not come from the gateway yet.");
    default:
      return problem(Code::not_found, "The session was not recorded.");
  }
}

Result<Response> recording(Core& core, Request& request) {
  const auto [session, permit] = TRY(judged(core, request, Action::recordings_read));
  const auto use = request.asked("use").value_or("download");
  if (use != "download" && use != "play")
    return problem(Code::invalid_input, {}, {{"use", "must be play or download"}});
  const auto pieces =
      sessions::open_recording(context_of(core), permit, session,
                               use == "play" ? sessions::Use::play : sessions::Use::download);
  if (!pieces) {
    const auto code = pieces.error().code();
    const bool told = code == Code::expired || code == Code::unavailable || code == Code::not_found;
    return told ? Result<Response>{no_recording(pieces.error())} : pieces.error();
  }
  Response response;
  response.type = "application/x-asciicast";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"session-" + session.id + ".cast\"");
  response.stream = [next = *pieces]() -> Result<std::optional<std::string>> {
    const auto piece = TRY(next());
    if (!piece) return std::optional<std::string>{};
    return std::optional{std::string{bytes::text(piece->expose())}};
  };
  return response;
}

// Each line of the asciicast is one event (HTML, server-sent events).
std::string events_of(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    out += "data: " + std::string{lines.substr(0, end)} + "\n\n";
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

Response live_events(std::shared_ptr<sessions::Watch> watch) {
  Response response;
  response.type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.stream = [watch = std::move(watch),
                     over = false]() mutable -> Result<std::optional<std::string>> {
    if (over) return std::optional<std::string>{};
    const auto lines = watch->next(live_patience);
    over = !lines || !*lines;
    if (!lines) return std::optional<std::string>{"event: end\ndata: damaged\n\n"};
    if (!*lines) return std::optional<std::string>{"event: end\ndata: over\n\n"};
    if ((*lines)->empty()) return std::optional<std::string>{": nothing new\n\n"};
    return std::optional{events_of(bytes::text((*lines)->expose()))};
  };
  return response;
}

Result<Response> live(Core& core, sessions::Running& running, Request& request) {
  const auto [session, permit] = TRY(judged(core, request, Action::host_sessions_watch));
  auto watch = running.watching().begin(permit, session);
  if (watch) return live_events(*std::move(watch));
  switch (watch.error().code()) {
    case Code::conflict:
      return problem(Code::conflict, "The session is over: play its recording.");
    case Code::not_found:
      return problem(Code::not_found, "The session is not recorded, so nobody can look on.");
    case Code::too_many:
      return problem(Code::too_many, "Too many look on at sessions now.");
    default:
      return watch.error();
  }
}

Result<Response> host_keys(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::host_keys_read));
  const auto found =
      TRY(sessions::open_sightings(core.store, permit, request.asked("host").value_or("")));
  return json_response({{"items", items_of(found, in_json)}, {"next", nullptr}});
}

Result<Response> decide(Core& core, const Inventory& inventory, Request& request) {
  TRY(access::authorise(request.actor, Action::host_keys_write));
  const auto sighting = TRY(sessions::find_sighting(core.store, request.parameter("id")));
  TRY(inventory.may_change(request.actor, sighting.host));
  auto body = TRY(parse_json(request.body));
  Members members{body};
  const auto wanted = members.text("decision", {1, 16});
  if (wanted != "trust" && wanted != "dismiss")
    members.refuse("decision", "must be trust or dismiss");
  auto problems = members.done();
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));
  if (sighting.state != "open")
    return problem(Code::conflict, "Somebody has decided about this key already.");

  // A changed key takes the place of the ones before; a new one stands beside them.
  const auto how = sighting.verdict == sessions::Verdict::changed ? Inventory::Pin::replace
                                                                  : Inventory::Pin::add;
  if (wanted == "trust") TRY(inventory.trust_key(request.actor, sighting.host, sighting.key, how));
  TRY(sessions::decide(
      context_of(core), request.actor, sighting.id,
      wanted == "trust" ? sessions::Decision::trust : sessions::Decision::dismiss));
  return no_content();
}

}  // namespace

void add_host_session_routes(Router& router, Core& core, sessions::Running& running,
                             Inventory inventory) {
  const auto shared = std::make_shared<const Inventory>(std::move(inventory));
  router.add({Method::post, "/connect", Action::host_sessions_connect,
              [&core, &running, shared](Request& request) {
                return connect(core, running, *shared, request);
              },
              Body::json});
  router.add({Method::get, "/sessions", Action::host_sessions_read,
              [&core](Request& request) { return list(core, request); }});
  router.add({Method::get, "/sessions/{id}", Action::host_sessions_read,
              [&core](Request& request) { return detail(core, request); }});
  router.add({Method::post, "/sessions/{id}/end", Action::host_sessions_write,
              [&core, &running](Request& request) { return end(core, running, request); }});
  router.add({Method::post, "/sessions/{id}/comments", Action::host_sessions_write,
              [&core](Request& request) { return comment(core, request); }, Body::json});
  router.add({Method::get, "/sessions/{id}/recording", Action::recordings_read,
              [&core](Request& request) { return recording(core, request); }});
  router.add({Method::get, "/sessions/{id}/live", Action::host_sessions_watch,
              [&core, &running](Request& request) { return live(core, running, request); }});
  router.add({Method::get, "/host-keys", Action::host_keys_read,
              [&core](Request& request) { return host_keys(core, request); }});
  router.add({Method::post, "/host-keys/{id}", Action::host_keys_write,
              [&core, shared](Request& request) { return decide(core, *shared, request); },
              Body::json});
}

}  // namespace sp::api
