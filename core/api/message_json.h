#pragma once
// Messages in JSON. For .cpp files of core/api alone: it shows nlohmann.

#include "core/api/internal/json.h"
#include "core/messages/send.h"

namespace sp::api {

Json to_json(const messages::Message& message);
Json to_json(const messages::TimelineEntry& entry);
/// Reads the body of POST /messages. What is wrong goes to `problems`.
messages::NewMessage new_message_of(Json& body, std::vector<FieldProblem>& problems);
/// The link stands in it: answered once.
Response created(const messages::Sent& sent);

}  // namespace sp::api
