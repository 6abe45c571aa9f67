#pragma once
// What the routes of sites, hosts and credentials share. For .cpp files of core/api alone: it shows
// nlohmann.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/api/core.h"
#include "core/api/internal/export.h"
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

/// The revision that a change is made from, if it says so.
std::optional<std::int64_t> revision_of(Members& members);

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

/// What was wrong with one of several, as the API names it; nothing when it was changed or removed.
using Wrong = Result<std::vector<FieldProblem>>;
template <class T>
Wrong wrong_of(Result<inventory::Changed<T>> changed) {
  if (!changed) return changed.error();
  return fields_of(std::move(changed->problems));
}
inline Wrong wrong_of(const Outcome& removed) {
  if (!removed) return removed.error();
  return std::vector<FieldProblem>{};
}

/// The body of a bulk change: {ids, change} or {ids, remove: true}.
template <class Change>
struct Bulk {
  std::vector<std::string> ids;
  Change change{};
  bool remove = false;
};
std::vector<std::string> bulk_ids(Members& members);
template <class ChangeOf>
auto bulk_of(Members& members, const ChangeOf& change_of) {
  Bulk<std::invoke_result_t<const ChangeOf&, Members&>> out;
  out.ids = bulk_ids(members);
  auto* change = members.raw("change");
  out.remove = members.maybe_flag("remove").value_or(false);
  if (out.remove == (change != nullptr))
    members.refuse("change", "either `change`, or `remove`: true");
  if (change == nullptr) return out;
  Members inner{*change, "change."};
  out.change = change_of(inner);
  members.take_over(inner.done());
  return out;
}
/// Runs `one` for each id and counts: {changed, failed: [{id, code, errors}]}.
Response bulk_response(const std::vector<std::string>& ids,
                       const std::function<Wrong(const std::string& id)>& one);

/// Reads a CSV body and `dry_run` and `update`, and answers what became of it.
using Import =
    std::function<Result<inventory::Imported>(std::string_view, const inventory::ImportOptions&)>;
Result<Response> import_response(Request& request, const Import& import);

/// Puts several texts into one cell.
std::string joined(const std::vector<std::string>& items, std::string_view between);

/// A list as a file.
template <class T>
struct Exported {
  std::string what;  ///< "hosts": in the trail, and in the file's name
  std::string_view csv_head;
  std::function<std::string(const T&)> csv;
  std::function<Json(const T&)> to_json;
  std::function<std::string(const T&)> key_of;
  /// One page behind the key.
  std::function<Result<std::vector<T>>(const std::string& after, int limit)> list;
};
Outcome note_export(Core& core, const Request& request, const std::string& what, Format format);
/// The file in the format that the query asks for, once the trail has it. `wrong`: what the caller
/// found wrong with the query.
template <class T>
Result<Response> export_list(Core& core, const Request& request, Exported<T> list,
                             std::vector<FieldProblem> wrong = {}) {
  constexpr int page_size = 200;
  const auto format = format_asked(request, wrong);
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  TRY(note_export(core, request, list.what, format));
  const auto page = [list, format](const std::string& after) -> Result<ExportPage> {
    const auto found = TRY(list.list(after, page_size));
    ExportPage out;
    for (const auto& one : found)
      out.text += format == Format::csv ? list.csv(one) : list.to_json(one).dump() + "\n";
    if (found.size() == page_size) out.next = list.key_of(found.back());
    return out;
  };
  return export_response(list.what, format, list.csv_head, page);
}

}  // namespace sp::api
