#include <charconv>

#include "core/api/internal/export.h"
#include "core/api/internal/json.h"
#include "core/api/internal/shapes.h"
#include "core/api/routes.h"

namespace sp::api {
namespace {

using access::Action;

constexpr int export_batch = 500;

Json shape_of(const audit::Record& record) {
  Json details = Json::object();
  for (const auto& [name, value] : record.details) details[name] = value;
  const auto& object = record.object;
  return {{"seq", record.seq},
          {"at", rfc3339(record.at)},
          {"code", record.code},
          {"outcome", record.outcome},
          {"actor",
           {{"kind", record.actor.kind},
            {"id", text_or_null(record.actor.id)},
            {"name", text_or_null(record.actor.name)}}},
          {"object", object.kind.empty() ? Json(nullptr)
                                         : Json{{"kind", object.kind},
                                                {"id", object.id},
                                                {"name", text_or_null(object.name)}}},
          {"source", text_or_null(record.source)},
          {"details", std::move(details)}};
}

audit::Filter filter_of(const Request& request, std::vector<FieldProblem>& wrong) {
  audit::Filter filter;
  filter.actor = request.asked("actor").value_or("");
  filter.code = request.asked("code").value_or("");
  filter.object = request.asked("object").value_or("");
  filter.from = time_asked(request, "from", wrong);
  filter.to = time_asked(request, "to", wrong);
  return filter;
}

Outcome note(Core& core, const Request& request, audit::Event event, audit::Details details) {
  audit::Entry entry{.event = event};
  entry.actor = access::who(request.actor);
  entry.source = request.actor.source;
  entry.details = std::move(details);
  return core.audit.append(core.store, entry);
}

std::string key_of(const audit::Record& record) {
  return std::to_string(record.seq);
}
// 0, which no record has, for an empty key.
std::int64_t seq_of(const std::string& key) {
  std::int64_t seq = 0;
  std::from_chars(key.data(), key.data() + key.size(), seq);
  return seq;
}

Result<Response> list(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::audit_read));
  std::vector<FieldProblem> wrong;
  const auto filter = filter_of(request, wrong);
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  const auto page = TRY(page_of(request));
  const auto found = TRY(audit::list(core.store, filter, seq_of(page.after), page.limit));
  return page_response(found, page.limit, key_of, shape_of);
}

constexpr std::string_view csv_head =
    "seq,at,code,outcome,actor_kind,actor_id,actor_name,object_kind,object_id,object_name,source,"
    "details\r\n";

std::string csv(const audit::Record& record) {
  std::string details;
  for (const auto& [name, value] : record.details)
    details += (details.empty() ? "" : "; ") + name + "=" + value;
  const auto& actor = record.actor;
  const auto& object = record.object;
  return std::to_string(record.seq) + "," + rfc3339(record.at) + "," +
         csv_line({record.code, record.outcome, actor.kind, actor.id, actor.name, object.kind,
                   object.id, object.name, record.source, details});
}

Result<Response> export_all(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::audit_export));
  std::vector<FieldProblem> wrong;
  const auto filter = filter_of(request, wrong);
  const auto format = format_asked(request, wrong);
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  TRY(note(core, request, audit::Event::audit_exported,
           {{audit::Detail::format, std::string{name(format)}}}));
  const auto page = [&core, filter, format](const std::string& after) -> Result<ExportPage> {
    const auto records = TRY(audit::list_from(core.store, filter, seq_of(after), export_batch));
    ExportPage out;
    for (const auto& record : records)
      out.text += format == Format::csv ? csv(record) : shape_of(record).dump() + "\n";
    if (records.size() == export_batch) out.next = key_of(records.back());
    return out;
  };
  return export_response("audit", format, csv_head, page);
}

Result<Response> verify(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::audit_verify));
  const auto verdict = TRY(core.audit.verify(core.store));
  TRY(note(core, request, audit::Event::audit_verified,
           {{audit::Detail::count, std::to_string(verdict.checked)}}));
  return json_response({{"intact", verdict.intact},
                        {"checked", verdict.checked},
                        {"last_seq", verdict.last_seq},
                        {"problem", text_or_null(verdict.problem)},
                        {"at_seq", maybe(verdict.at_seq)}});
}

}  // namespace

void add_audit_routes(Router& router, Core& core) {
  router.add(
      {Method::get, "/audit", Action::audit_read, [&core](Request& r) { return list(core, r); }});
  router.add({Method::get, "/audit/export", Action::audit_export,
              [&core](Request& r) { return export_all(core, r); }});
  router.add({Method::post, "/audit/verify", Action::audit_verify,
              [&core](Request& r) { return verify(core, r); }});
}

}  // namespace sp::api
