#include <charconv>
#include <deque>

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

// RFC 4180. A value that a spreadsheet would run as a formula gets an apostrophe in front.
std::string csv_field(const std::string& value) {
  std::string out = "\"";
  if (!value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string_view::npos)
    out += '\'';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_line(const audit::Record& record) {
  std::string details;
  for (const auto& [name, value] : record.details)
    details += (details.empty() ? "" : "; ") + name + "=" + value;
  std::string line = std::to_string(record.seq) + "," + rfc3339(record.at);
  for (const auto* value : {&record.code, &record.outcome, &record.actor.kind, &record.actor.id,
                            &record.actor.name, &record.object.kind, &record.object.id,
                            &record.object.name, &record.source, &std::as_const(details)})
    line += "," + csv_field(*value);
  return line + "\r\n";
}
constexpr std::string_view csv_head =
    "seq,at,code,outcome,actor_kind,actor_id,actor_name,object_kind,object_id,object_name,source,"
    "details\r\n";

// Batch after batch, so that a long trail needs no memory.
class Export {
 public:
  Export(store::Store& store, audit::Filter filter, bool csv)
      : store_(&store), filter_(std::move(filter)), csv_(csv) {}
  Result<std::optional<std::string>> next() {
    std::string out;
    if (first_ && csv_) out = csv_head;
    if (done_) return std::optional<std::string>{};
    const auto records = TRY(audit::list_from(*store_, filter_, after_, export_batch));
    for (const auto& record : records)
      out += csv_ ? csv_line(record) : shape_of(record).dump() + "\n";
    done_ = records.size() < export_batch;
    if (!records.empty()) after_ = records.back().seq;
    first_ = false;
    return std::optional{std::move(out)};
  }

 private:
  store::Store* store_;
  audit::Filter filter_;
  bool csv_;
  bool first_ = true, done_ = false;
  std::int64_t after_ = 0;
};

Result<Response> export_all(Core& core, Request& request) {
  TRY(access::authorise(request.actor, Action::audit_export));
  std::vector<FieldProblem> wrong;
  const auto filter = filter_of(request, wrong);
  const auto format = request.asked("format").value_or("");
  if (format != "csv" && format != "jsonl") wrong.push_back({"format", "must be csv or jsonl"});
  if (!wrong.empty()) return problem(Code::invalid_input, {}, std::move(wrong));
  TRY(note(core, request, audit::Event::audit_exported, {{audit::Detail::format, format}}));
  Response response;
  response.type = format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl";
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"sallyport-audit." + format + "\"");
  response.stream = [source = std::make_shared<Export>(core.store, filter, format == "csv")] {
    return source->next();
  };
  return response;
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
