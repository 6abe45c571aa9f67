#include "core/api/message_json.h"

#include "core/api/internal/shapes.h"

namespace sp::api {
namespace {

std::optional<Duration> duration(Members& members, const std::string& name) {
  const auto text = members.maybe_text(name, {1, 20});
  if (!text) return std::nullopt;
  const auto parsed = parse_duration(*text);
  if (!parsed) {
    members.refuse(name, "a whole number and a unit: 30m, 3h, 2d");
    return std::nullopt;
  }
  return *parsed;
}

void read_fields(Members& members, messages::NewMessage& out) {
  auto* list = members.raw("fields");
  if (list == nullptr) return;
  if (!list->is_array() || list->size() > messages::max_fields)
    return members.refuse("fields", "a list of at most 100 fields");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto path = "fields[" + std::to_string(i) + "]";
    if (!(*list)[i].is_object()) {
      members.refuse(path, "an object with name, value and perhaps secret");
      continue;
    }
    Members field{(*list)[i], path + "."};
    messages::Field read{field.text("name", {1, 200}), field.secret("value", {0, json_limit, true}),
                         field.maybe_flag("secret").value_or(false)};
    members.take_over(field.done());
    out.fields.push_back(std::move(read));
  }
}

void read_files(Members& members, messages::NewMessage& out) {
  auto* list = members.raw("files");
  if (list == nullptr) return;
  if (!list->is_array() || list->size() > messages::max_files)
    return members.refuse("files", "a list of at most 100 ids of uploads");
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& id = (*list)[i];
    if (id.is_string() && id.get_ref<const std::string&>().size() <= 64)
      out.uploads.push_back(id.get<std::string>());
    else
      members.refuse("files[" + std::to_string(i) + "]", "the id of an upload");
  }
}

}  // namespace

Json to_json(const messages::Message& message) {
  return {{"id", message.id},
          {"state", messages::name(message.state)},
          {"reason", message.reason ? Json(messages::name(*message.reason)) : Json(nullptr)},
          {"subject", maybe(message.subject)},
          {"to", maybe(message.to)},
          {"to_name", maybe(message.to_name)},
          {"language", message.language},
          {"sender",
           {{"id", message.owner}, {"login", message.sender_login}, {"name", message.sender_name}}},
          {"site", {{"id", message.edge}, {"name", message.edge_name}}},
          {"created_at", rfc3339(message.created_at)},
          {"live_at", shape(message.live_at)},
          {"expires_at", rfc3339(message.expires_at)},
          {"first_viewed_at", shape(message.first_viewed_at)},
          {"ended_at", shape(message.ended_at)},
          {"views", message.views},
          {"views_left", message.views_left},
          {"has_passphrase", message.has_passphrase},
          {"attempts_left", maybe(message.attempts_left)},
          {"notify", message.notify},
          {"files", message.files},
          {"size", message.size},
          {"mail", messages::name(message.mail)}};
}

Json to_json(const messages::TimelineEntry& entry) {
  return {{"at", rfc3339(entry.at)},       {"code", entry.code},
          {"view", maybe(entry.view)},     {"left", maybe(entry.left)},
          {"reason", maybe(entry.reason)}, {"source", maybe(entry.source)}};
}

messages::NewMessage new_message_of(Json& body, std::vector<FieldProblem>& problems) {
  messages::NewMessage out;
  if (!body.is_object()) {
    problems.push_back({"", "must be a JSON object"});
    return out;
  }
  Members members{body};
  if (auto text = members.maybe_secret("text", {0, json_limit, true})) out.text = *std::move(text);
  read_fields(members, out);
  read_files(members, out);
  out.life = duration(members, "expires_in");
  out.views = members.maybe_integer("views", 1, 1'000'000);
  out.passphrase = members.maybe_secret("passphrase", {1, 1024});
  out.attempts =
      members.maybe_integer("attempts", 1, messages::max_attempts).value_or(out.attempts);
  out.grace = duration(members, "grace").value_or(out.grace);
  out.to = members.maybe_text("to", {1, 254});
  out.to_name = members.maybe_text("to_name", {0, 200});
  out.language = members.maybe_text("language", {2, 2}).value_or(out.language);
  out.subject = members.maybe_text("subject", {0, 200});
  out.mail_body = members.maybe_secret("mail_body", {0, 20'000, true});
  out.notify = members.maybe_flag("notify").value_or(out.notify);
  out.show_sender = members.maybe_flag("show_sender").value_or(out.show_sender);
  out.site = members.maybe_text("site", {0, 64}).value_or("");
  for (auto& problem : members.done()) problems.push_back(std::move(problem));
  if (out.subject && out.subject->empty()) out.subject.reset();
  if (out.to_name && out.to_name->empty()) out.to_name.reset();
  return out;
}

Response created(const messages::Sent& sent) {
  auto response = json_response({{"id", sent.message.id},
                                 {"url", std::string{bytes::text(sent.url.expose())}},
                                 {"state", messages::name(sent.message.state)},
                                 {"expires_at", rfc3339(sent.message.expires_at)}},
                                201);
  response.headers.emplace_back("Location", "/api/v1/messages/" + sent.message.id);
  return response;
}

}  // namespace sp::api
