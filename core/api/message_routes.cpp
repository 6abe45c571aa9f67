#include <optional>

#include "core/api/feature_routes.h"
#include "core/api/idempotency.h"
#include "core/api/internal/shapes.h"
#include "core/api/message_json.h"
#include "core/messages/upload.h"

namespace sp::api {
namespace {

using access::Action;

messages::Context context_of(Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

Result<std::vector<messages::State>> states_of(const Request& request) {
  std::vector<messages::State> out;
  std::string_view rest;
  const auto asked = request.asked("state");
  if (asked) rest = *asked;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    out.push_back(TRY(messages::state_named(rest.substr(0, comma))));
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return out;
}

Result<Response> list(Core& core, Request& request) {
  const bool all = request.asked("all") == "true";
  const auto& actor = request.actor;
  const auto permit = TRY(access::authorise(
      actor, Action::messages_read, {"message", "", all ? std::string_view{} : actor.person}));
  const auto states = states_of(request);
  if (!states)
    return problem(Code::invalid_input, {},
                   {{"state", "states separated by commas, as in the API's description"}});
  messages::Filter filter{*states, request.asked("q").value_or(""), all ? "" : actor.person};
  const auto page = TRY(page_of(request));
  const auto found = TRY(messages::list(core.store, permit, filter, page.after, page.limit));
  return page_response(found, page.limit, messages::key_of,
                       [](const auto& message) { return to_json(message); });
}

Result<Response> detail(Core& core, const access::Permit& permit,
                        const messages::Message& message) {
  auto out = to_json(message);
  out["events"] = Json::array();
  for (const auto& entry : TRY(messages::timeline(core.store, permit, message.id)))
    out["events"].push_back(to_json(entry));
  return json_response(out);
}

Result<Response> show(Core& core, Request& request) {
  const auto message = TRY(messages::find(core.store, request.parameter("id")));
  const auto permit = TRY(access::authorise(request.actor, Action::messages_read,
                                            {"message", message.id, message.owner}));
  return detail(core, permit, message);
}

Result<Response> destroy(Core& core, const messages::Sender::Wake& wake, Request& request) {
  const auto found = TRY(messages::find(core.store, request.parameter("id")));
  const messages::Message& message = found;
  const access::Object object{"message", message.id, message.owner};
  const auto permit = TRY(access::authorise(request.actor, Action::messages_write, object));
  const auto ended = TRY(messages::destroy(context_of(core), permit, message.id, wake));
  const auto reading = TRY(access::authorise(request.actor, Action::messages_read, object));
  return detail(core, reading, ended);
}

// A request to send: its JSON text, and the files that came with it.
struct Incoming {
  std::string json;
  std::vector<messages::Upload> files;
  ~Incoming() { wipe(json); }
  Incoming() = default;
  Incoming(Incoming&&) = default;
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
};

Outcome append_json(Incoming& out, BytesView piece) {
  if (out.json.size() + piece.size() > json_limit)
    return Error{Code::invalid_input, "message: JSON too long"};
  out.json += bytes::text(piece);
  return {};
}

// Files go to the upload spool as they arrive; nothing but the JSON is held in memory.
Result<Incoming> read_multipart(Core& core, const access::Permit& permit, BodySource& body) {
  Incoming out;
  std::optional<messages::Uploading> file;
  const auto finish = [&]() -> Outcome {
    if (!file) return {};
    out.files.push_back(TRY(file->finish()));
    file.reset();
    return {};
  };
  const auto begin = [&](const Part& part) -> Outcome {
    TRY(finish());
    if (part.name == "message") return {};
    if (part.name != "file" || out.files.size() == messages::max_files)
      return Error{Code::invalid_input, "multipart: parts are `message` and at most 100 `file`"};
    auto name = part.filename.empty() ? "file" : messages::safe_file_name(part.filename);
    file.emplace(
        TRY(messages::Uploading::begin(context_of(core), permit, std::move(name), part.type)));
    return {};
  };
  const auto receive = [&](BytesView piece) {
    return file ? file->take(piece) : append_json(out, piece);
  };
  TRY(body.read_parts(stream_limit, begin, receive));
  TRY(finish());
  return out;
}

Result<Incoming> read_incoming(Core& core, const access::Permit& permit, Request& request) {
  if (request.media_type() == "multipart/form-data")
    return read_multipart(core, permit, *request.source_of_body);
  Incoming out;
  TRY(request.source_of_body->read(json_limit,
                                   [&](BytesView piece) { return append_json(out, piece); }));
  return out;
}

std::vector<FieldProblem> fields_of(std::vector<messages::Problem> problems) {
  std::vector<FieldProblem> out;
  for (auto& one : problems) out.push_back({std::move(one.field), std::move(one.detail)});
  return out;
}

Result<Response> send(messages::Sender& sender, const access::Permit& permit,
                      const Incoming& incoming, const Keep& keep) {
  auto body = parse_json(incoming.json);
  if (!body) return problem(Code::invalid_input, "The body is not a JSON object.");
  std::vector<FieldProblem> problems;
  auto wanted = new_message_of(*body, problems);
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));
  for (const auto& file : incoming.files) wanted.uploads.push_back(file.id);

  auto plan = TRY(sender.plan(permit, std::move(wanted)));
  if (!plan.problems.empty())
    return problem(Code::invalid_input, {}, fields_of(std::move(plan.problems)));
  return created(TRY(sender.send(permit, std::move(plan), [&](auto& transaction, const auto& sent) {
    return keep(transaction, created(sent));
  })));
}

Result<Response> create(Core& core, messages::Sender& sender, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::messages_write,
                                            {"message", "", request.actor.person}));
  const auto media = request.media_type();
  if (media != "application/json" && media != "multipart/form-data")
    return problem(Code::invalid_input,
                   "Send application/json, or multipart/form-data with a part `message`.");
  const auto incoming = TRY(read_incoming(core, permit, request));

  bytes::Writer fingerprint;
  fingerprint.raw(incoming.json);
  for (const auto& file : incoming.files)
    fingerprint.raw(file.name).u64(static_cast<std::uint64_t>(file.size));
  const auto digest = openssl::sha256(fingerprint.view());
  return once(core, request, digest,
              [&](const Keep& keep) { return send(sender, permit, incoming, keep); });
}

Result<Response> upload(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::messages_write,
                                            {"upload", "", request.actor.person}));
  const auto name = request.asked("name").value_or("");
  const auto type = request.asked("type").value_or("application/octet-stream");
  std::vector<FieldProblem> problems;
  if (name.empty() || name.size() > 255 || !bytes::is_utf8(name))
    problems.push_back({"name", "the file's name, 1 to 255 bytes"});
  if (type.size() > 127 || !bytes::is_utf8(type))
    problems.push_back({"type", "a media type of at most 127 bytes"});
  if (!problems.empty()) return problem(Code::invalid_input, {}, std::move(problems));

  auto uploading = TRY(
      messages::Uploading::begin(context_of(core), permit, messages::safe_file_name(name), type));
  TRY(request.source_of_body->read(messages::max_content_size,
                                   [&](BytesView piece) { return uploading.take(piece); }));
  const auto done = TRY(uploading.finish());
  return json_response({{"upload_id", done.id}, {"size", done.size}}, 201);
}

Result<Response> forget(Core& core, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::messages_write,
                                            {"upload", "", request.actor.person}));
  TRY(core.store.write([&](store::Transaction& transaction) {
    return messages::forget_upload(transaction, permit.actor().person, request.parameter("id"));
  }));
  return no_content();
}

}  // namespace

void add_message_routes(Router& router, Core& core, messages::Sender& sender,
                        messages::Sender::Wake wake) {
  router.add({Method::get, "/messages", Action::messages_read,
              [&core](Request& request) { return list(core, request); }});
  router.add({Method::post, "/messages", Action::messages_write,
              [&](Request& request) { return create(core, sender, request); }, Body::stream});
  router.add({Method::get, "/messages/{id}", Action::messages_read,
              [&core](Request& request) { return show(core, request); }});
  router.add(
      {Method::del, "/messages/{id}", Action::messages_write,
       [&core, wake = std::move(wake)](Request& request) { return destroy(core, wake, request); }});
}

void add_upload_routes(Router& router, Core& core) {
  router.add({Method::post, "/uploads", Action::messages_write,
              [&core](Request& request) { return upload(core, request); }, Body::stream});
  router.add({Method::del, "/uploads/{id}", Action::messages_write,
              [&core](Request& request) { return forget(core, request); }});
}

}  // namespace sp::api
