#include "core/api/inventory_json.h"

namespace sp::api {

inventory::Context inventory_of(Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

Json shape(access::Rights rights) {
  Json out = Json::array();
  for (const auto right : {access::Right::use, access::Right::see, access::Right::change})
    if (rights.has(right)) out.push_back(access::name(right));
  return out;
}

Json named(const std::string& id, const std::string& name) {
  return id.empty() ? Json(nullptr) : Json{{"id", id}, {"name", name}};
}

std::optional<std::vector<std::string>> maybe_texts(Members& members, const std::string& name,
                                                    const TextRule& rule, std::size_t most) {
  auto* list = members.raw(name);
  if (list == nullptr) return std::nullopt;
  if (!list->is_array() || list->size() > most) {
    members.refuse(name, "must be a list of at most " + std::to_string(most));
    return std::nullopt;
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    Json one{{"value", (*list)[i]}};
    Members item{one, name + "[" + std::to_string(i) + "]."};
    auto text = item.maybe_text("value", rule);
    if (!text) {
      members.refuse(name, "must be a list of texts of at most " + std::to_string(rule.most));
      return std::nullopt;
    }
    out.push_back(std::move(*text));
  }
  return out;
}

std::optional<std::int64_t> revision_of(Members& members) {
  return members.maybe_integer("revision", 0, INT64_MAX);
}

void need(Members& members, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (members.raw(name) == nullptr) members.refuse(name, "is needed");
}

std::vector<FieldProblem> fields_of(std::vector<inventory::Problem> problems) {
  std::vector<FieldProblem> out;
  for (auto& one : problems) out.push_back({std::move(one.field), std::move(one.detail)});
  return out;
}

std::vector<std::string> bulk_ids(Members& members) {
  auto out = maybe_texts(members, "ids", {1, 64}).value_or(std::vector<std::string>{});
  if (out.empty()) members.refuse("ids", "1 to 200 ids");
  return out;
}

Response bulk_response(const std::vector<std::string>& ids,
                       const std::function<Wrong(const std::string& id)>& one) {
  int changed = 0;
  Json failed = Json::array();
  for (const auto& id : ids) {
    const auto wrong = one(id);
    if (wrong && wrong->empty()) {
      ++changed;
      continue;
    }
    Json errors = Json::array();
    if (wrong)
      for (const auto& error : *wrong)
        errors.push_back({{"field", error.field}, {"detail", error.detail}});
    const auto code = wrong ? Code::invalid_input : wrong.error().code();
    failed.push_back({{"id", id}, {"code", name(code)}, {"errors", std::move(errors)}});
  }
  return json_response({{"changed", changed}, {"failed", std::move(failed)}});
}

namespace {

// A body that may hold secrets.
struct Text {
  std::string text;
  ~Text() { wipe(text); }
  Text() = default;
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
};

bool asked_for(const Request& request, const std::string& name, std::vector<FieldProblem>& wrong) {
  const auto value = request.asked(name).value_or("false");
  if (value != "true" && value != "false") wrong.push_back({name, "true or false"});
  return value == "true";
}

Outcome read_into(BodySource& body, std::string& text) {
  // Never grown: a buffer that is left behind would not be wiped.
  text.reserve(inventory::most_csv_size);
  return body.read(inventory::most_csv_size, [&](BytesView piece) -> Outcome {
    if (text.size() + piece.size() > inventory::most_csv_size)
      return Error{Code::invalid_input, "csv: too long"};
    text += bytes::text(piece);
    return {};
  });
}

}  // namespace

Result<Response> import_response(Request& request, const Import& import) {
  std::vector<FieldProblem> wrong;
  const inventory::ImportOptions options{asked_for(request, "dry_run", wrong),
                                         asked_for(request, "update", wrong)};
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  Text body;
  TRY(read_into(*request.source_of_body, body.text));
  const auto done = TRY(import(body.text, options));
  Json errors = Json::array();
  for (const auto& one : done.problems)
    errors.push_back({{"line", one.line}, {"field", one.field}, {"detail", one.detail}});
  return json_response({{"dry_run", options.dry_run},
                        {"lines", done.lines},
                        {"created", done.created},
                        {"changed", done.changed},
                        {"errors", std::move(errors)}});
}

std::string joined(const std::vector<std::string>& items, std::string_view between) {
  std::string out;
  for (const auto& item : items) out.append(out.empty() ? "" : between).append(item);
  return out;
}

Outcome note_export(Core& core, const Request& request, const std::string& what, Format format) {
  return core.audit.append(
      core.store, inventory::entry(audit::Event::inventory_exported, request.actor, {what, "", ""},
                                   {{audit::Detail::format, std::string{name(format)}}}));
}

}  // namespace sp::api
