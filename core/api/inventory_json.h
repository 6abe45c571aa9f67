#pragma once
// What the routes of sites, hosts and credentials share. For .cpp files of core/api alone: it shows
// nlohmann.

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "core/api/core.h"
#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/inventory/import.h"
#include "core/inventory/parts.h"

namespace sp::api {

inventory::Context inventory_of(Core& core);

Json shape(access::Rights rights);
/// {id, name}, or null for an empty id.
Json named(const std::string& id, const std::string& name);

/// A member that is a list of texts; nothing when absent or null.
std::optional<std::vector<std::string>> maybe_texts(Members& members, const std::string& name,
                                                    const TextRule& rule = {},
                                                    std::size_t most = 200);

/// Refuses those that are absent.
void need(Members& members, std::initializer_list<const char*> names);

/// The fields that were wrong, as the API names them.
std::vector<FieldProblem> fields_of(std::vector<inventory::Problem> problems);

/// What a change came to, as the answer.
template <class T>
Result<Response> answer_of(Result<inventory::Changed<T>> changed, int status,
                           const std::function<Json(const T&)>& to_json) {
  if (!changed) return changed.error();
  if (!changed->now) return problem(changed->code, {}, fields_of(std::move(changed->problems)));
  return json_response(to_json(*changed->now), status);
}

/// The body of a bulk change: {ids, change} or {ids, remove: true}.
struct Bulk {
  std::vector<std::string> ids;
  Json* change = nullptr;
  bool remove = false;
};
Bulk bulk_of(Members& members);
/// Runs `one` for each id and counts: {changed, failed: [{id, code, errors}]}.
Response bulk_response(
    const Bulk& bulk,
    const std::function<Result<std::vector<FieldProblem>>(const std::string& id)>& one);

/// Reads a CSV body and `dry_run` and `update`, and answers what became of it.
using Import =
    std::function<Result<inventory::Imported>(std::string_view, const inventory::ImportOptions&)>;
Result<Response> import_response(Request& request, const Import& import);

/// A stream that asks for page after page: `page` gives the lines of one and the key of its last
/// item, no key at the end.
struct ExportPage {
  std::string text;
  std::optional<std::string> next;
};
Response export_response(const std::string& name, const std::string& format, std::string head,
                         std::function<Result<ExportPage>(const std::string& after)> page);
/// RFC 4180; a value that a spreadsheet would run as a formula gets an apostrophe in front.
std::string csv_line(const std::vector<std::string>& values);

}  // namespace sp::api
