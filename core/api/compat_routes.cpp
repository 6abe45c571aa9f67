// The call POST /api/selfdestruct as clients of Passwordstate make it: names, defaults and errors
// are that product's, everything behind is ours.

#include "core/api/feature_routes.h"
#include "core/api/internal/json.h"

namespace sp::api {
namespace {

using access::Action;

// That product answers errors as a list of {errors: [{message}, {phrase}]}.
Response refused(int status, const std::string& message, const std::string& phrase) {
  Json errors = Json::array();
  errors.push_back({{"message", message}});
  errors.push_back({{"phrase", phrase}});
  return json_response(Json::array({{{"errors", std::move(errors)}}}), status);
}

// Clients send numbers as text and text as numbers.
std::optional<std::int64_t> number(Json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (!found->is_string()) return -1;
  const auto& text = found->get_ref<const std::string&>();
  if (text.empty()) return std::nullopt;
  if (text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos) return -1;
  return std::stoll(text);
}

std::optional<std::string> text(Json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_string()) return std::nullopt;
  auto& value = found->get_ref<std::string&>();
  if (value.empty()) return std::nullopt;
  return std::move(value);
}

std::optional<Secret> secret(Json& body, const char* name) {
  auto value = text(body, name);
  if (!value) return std::nullopt;
  auto out = Secret::copy_of(bytes::of(*value));
  wipe(*value);
  return out;
}

Secret joined(Json& body) {
  auto prefix = text(body, "PrefixMessageContent").value_or("");
  auto message = text(body, "Message").value_or("");
  auto append = text(body, "AppendMessageContent").value_or("");
  std::string whole = prefix;
  for (auto* part : {&message, &append}) {
    if (part->empty()) continue;
    if (!whole.empty()) whole += '\n';
    whole += *part;
  }
  auto out = Secret::copy_of(bytes::of(whole));
  for (auto* part : {&prefix, &message, &append, &whole}) wipe(*part);
  return out;
}

struct Read {
  messages::NewMessage message;
  std::string problem;
};
Read new_message(Json& body) {
  Read out;
  auto& message = out.message;
  if (text(body, "PasswordID") || number(body, "PasswordID"))
    out.problem =
        "Sending a password record is not available here: put what is to be said into Message.";
  message.text = joined(body);
  if (message.text.empty()) out.problem = "Message is required.";
  message.to = text(body, "ToEmailAddress");
  if (!message.to) out.problem = "ToEmailAddress is required.";
  message.to_name = text(body, "ToFirstName");
  message.subject = text(body, "EmailSubject");
  message.mail_body = secret(body, "EmailBody");
  message.passphrase = secret(body, "Passphrase");
  message.views = number(body, "NoViews").value_or(1);
  const auto life = parse_duration(text(body, "ExpiresAt").value_or("1d"));
  if (!life) out.problem = "ExpiresAt must be a number and m, h or d, such as 30m, 3h or 2d.";
  if (life) message.life = *life;
  return out;
}

std::string member_name(const std::string& field) {
  if (field == "expires_in") return "ExpiresAt";
  if (field == "views") return "NoViews";
  if (field == "to") return "ToEmailAddress";
  if (field == "to_name") return "ToFirstName";
  if (field == "subject") return "EmailSubject";
  if (field == "mail_body") return "EmailBody";
  if (field == "passphrase") return "Passphrase";
  return field == "text" ? "Message" : field;
}

Result<Response> send(messages::Sender& sender, Request& request) {
  const auto permit = TRY(access::authorise(request.actor, Action::messages_write,
                                            {"message", "", request.actor.person}));
  auto body = parse_json(request.body);
  if (!body || !body->is_object())
    return refused(400, "Bad Request", "The body is not a JSON object.");
  auto read = new_message(*body);
  if (!read.problem.empty()) return refused(400, "Bad Request", read.problem);
  auto plan = TRY(sender.plan(permit, std::move(read.message)));
  if (!plan.problems.empty()) {
    const auto& first = plan.problems.front();
    return refused(400, "Bad Request", member_name(first.field) + ": " + first.detail);
  }

  const auto to = *plan.wanted.to;
  const auto sent = TRY(sender.send(permit, std::move(plan)));
  return json_response(Json::array({{{"SelfDestructMessageID", sent.message.id},
                                     {"URL", std::string{bytes::text(sent.url.expose())}},
                                     {"ToEmailAddress", to},
                                     {"ExpiresAt", rfc3339(sent.message.expires_at)},
                                     {"NoViews", sent.message.views},
                                     {"Status", "Success"}}}));
}

}  // namespace

void add_compat_routes(Router& router, Core&, messages::Sender& sender) {
  for (const auto* path : {"/api/selfdestruct"})
    router.add({Method::post, path, Action::messages_write,
                [&sender](Request& request) { return send(sender, request); }, Body::json});
}

}  // namespace sp::api
