#include <nlohmann/json.hpp>

#include <array>

#include "edge-gateway/wire/messages.h"

namespace sp::edge_gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t most_cells = 1'000;
constexpr std::size_t most_term = 32;

Error wrong(std::string_view what) {
  return Error{Code::invalid_input, "a message's " + std::string{what}};
}

/// The members of one object, each taken once; `end` fails when one is left.
class Members {
 public:
  static Result<Members> of(std::string_view text) {
    auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return wrong("form");
    return Members{std::move(json)};
  }
  Members(Members&&) noexcept = default;
  Members& operator=(Members&&) = delete;
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
  ~Members() {
    for (auto& [name, value] : json_.items())
      if (value.is_string()) sp::wipe(value.get_ref<std::string&>());
  }

  [[nodiscard]] bool has(const char* name) const { return json_.contains(name); }
  Result<std::string> text(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_string()) return wrong(name);
    ++taken_;
    return found->get<std::string>();
  }
  Result<std::uint64_t> number(const char* name) {
    constexpr std::uint64_t most = 1ULL << 53U;  // what a page can count
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_number_unsigned()) return wrong(name);
    const auto value = found->get<std::uint64_t>();
    if (value > most) return wrong(name);
    ++taken_;
    return value;
  }
  Result<bool> flag(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_boolean()) return wrong(name);
    ++taken_;
    return found->get<bool>();
  }
  [[nodiscard]] Outcome end() const {
    if (taken_ != json_.size()) return wrong("members");
    return {};
  }

 private:
  explicit Members(Json json) : json_(std::move(json)) {}
  Json json_;
  std::size_t taken_ = 0;
};

Result<Secret> secret(Members& from, const char* name, std::size_t size) {
  auto text = TRY(from.text(name));
  auto bytes = bytes::from_base64url(text);
  wipe(text);
  if (!bytes || bytes->size() != size) return wrong(name);
  auto out = Secret::copy_of(*bytes);
  wipe(*bytes);
  return out;
}

Result<std::array<std::byte, 16>> id(Members& from, const char* name) {
  const auto bytes = bytes::from_base64url(TRY(from.text(name)));
  if (!bytes) return wrong(name);
  bytes::Reader reader{*bytes};
  const auto out = TRY(reader.array<16>());
  TRY(reader.end());
  return out;
}

Result<WindowSize> window(Members& from) {
  const auto columns = TRY(from.number("columns"));
  const auto rows = TRY(from.number("rows"));
  if (columns < 1 || columns > most_cells || rows < 1 || rows > most_cells) return wrong("size");
  return WindowSize{static_cast<std::uint32_t>(columns), static_cast<std::uint32_t>(rows)};
}

bool is_term(std::string_view term) {
  return !term.empty() && term.size() <= most_term &&
         std::ranges::all_of(term, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '+' || c == '-';
         });
}

Result<Opening> with_ticket(Members& from) {
  WithTicket out;
  out.id = TRY(id(from, "id"));
  out.secret = TRY(secret(from, "secret", pushpull::ticket_secret_size));
  out.window = TRY(window(from));
  out.term = TRY(from.text("term"));
  TRY(from.end());
  if (!is_term(out.term)) return wrong("term");
  return Opening{std::move(out)};
}

Result<Opening> with_resume(Members& from) {
  WithResume out;
  out.session = TRY(id(from, "session"));
  out.resume = TRY(secret(from, "resume", resume_secret_size));
  out.seen = TRY(from.number("seen"));
  out.window = TRY(window(from));
  TRY(from.end());
  return Opening{std::move(out)};
}

Result<std::string> path(Members& from, const char* name) {
  auto out = TRY(from.text(name));
  if (out.size() > most_path || out.find('\0') != std::string::npos) return wrong(name);
  return out;
}

struct Shape {
  std::string_view action;
  bool path, to, size, offset, replace, seen;
};
constexpr auto shapes = std::to_array<Shape>({
    {.action = "list",
     .path = true,
     .to = false,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = false},
    {.action = "get",
     .path = true,
     .to = false,
     .size = false,
     .offset = true,
     .replace = false,
     .seen = false},
    {.action = "put",
     .path = true,
     .to = false,
     .size = true,
     .offset = true,
     .replace = true,
     .seen = false},
    {.action = "taken",
     .path = false,
     .to = false,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = true},
    {.action = "rename",
     .path = true,
     .to = true,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = false},
    {.action = "remove",
     .path = true,
     .to = false,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = false},
    {.action = "make",
     .path = true,
     .to = false,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = false},
    {.action = "cancel",
     .path = false,
     .to = false,
     .size = false,
     .offset = false,
     .replace = false,
     .seen = false},
});

Result<FromPage> file_request(Members& from, const std::string& type) {
  const auto* shape = std::ranges::find(shapes, type, &Shape::action);
  if (shape == shapes.end()) return wrong("type");
  FileRequest out{.action = type, .path = {}, .to = {}};
  const auto request = TRY(from.number("request"));
  if (request > UINT32_MAX) return wrong("request");
  out.request = static_cast<std::uint32_t>(request);
  if (shape->path) out.path = TRY(path(from, "path"));
  if (shape->to) out.to = TRY(path(from, "to"));
  if (shape->size) out.size = TRY(from.number("size"));
  if (shape->offset) out.offset = TRY(from.number("offset"));
  if (shape->replace) out.replace = TRY(from.flag("replace"));
  if (shape->seen) out.seen = TRY(from.number("seen"));
  return FromPage{std::move(out)};
}

Result<FromPage> from_page(Members& from) {
  const auto type = TRY(from.text("type"));
  if (type == "size") return FromPage{TRY(window(from))};
  if (type == "seen") return FromPage{Seen{TRY(from.number("seen"))}};
  if (type == "end") return FromPage{EndIt{}};
  return file_request(from, type);
}

// A host may put anything into a name.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json entries_of(const FileAnswer& answer) {
  auto out = Json::array();
  for (const auto& one : answer.entries)
    out.push_back({{"name", one.name},
                   {"kind", one.kind},
                   {"size", one.size},
                   {"changed_at", one.changed_at * 1'000},
                   {"mode", one.mode}});
  return out;
}

}  // namespace

Result<Opening> decode_opening(std::string_view text) {
  auto members = TRY(Members::of(text));
  if (TRY(members.number("v")) != 1) return wrong("version");
  return members.has("session") ? with_resume(members) : with_ticket(members);
}

Result<FromPage> decode_from_page(std::string_view text) {
  auto members = TRY(Members::of(text));
  auto out = TRY(from_page(members));
  TRY(members.end());
  return out;
}

std::string state_json(std::string_view state) {
  return dumped({{"type", "state"}, {"state", state}});
}

std::string ready_json(const Ready& ready) {
  const auto may = [&](std::uint32_t bit) { return (ready.rights & bit) != 0; };
  namespace right = pushpull::right;
  return dumped({{"type", "ready"},
                 {"session", bytes::base64url(ready.session)},
                 {"resume", bytes::base64url(ready.resume.expose())},
                 {"title", ready.title},
                 {"user", ready.user},
                 {"recorded", ready.recorded},
                 {"records_input", ready.records_input},
                 {"rights",
                  {{"input", may(right::input)},
                   {"paste", may(right::paste)},
                   {"copy", may(right::copy)},
                   {"upload", may(right::upload)},
                   {"download", may(right::download)}}},
                 {"idle_ms", ready.idle.count()},
                 {"left_ms", ready.left.count()}});
}

std::string warning_json(std::string_view code, Duration left) {
  return dumped({{"type", "warning"}, {"code", code}, {"left_ms", left.count()}});
}

std::string watched_json(std::string_view by) {
  return dumped({{"type", "watched"}, {"by", text_or_null(by)}});
}

std::string ended_json(std::string_view reason, std::optional<std::uint32_t> exit,
                       std::string_view by) {
  return dumped({{"type", "ended"},
                 {"reason", reason},
                 {"exit", exit ? Json(*exit) : Json(nullptr)},
                 {"by", text_or_null(by)}});
}

std::string answer_json(const FileAnswer& answer) {
  Json out{{"type", answer.type}, {"request", answer.request}};
  if (answer.type == "entries") {
    out["entries"] = entries_of(answer);
    out["done"] = answer.done;
  }
  if (answer.type == "opened" || answer.type == "done") out["size"] = answer.size;
  if (answer.type == "done")
    out["sha256"] = answer.sha256 ? Json(bytes::hex(*answer.sha256)) : Json(nullptr);
  if (answer.type == "failed") out["code"] = answer.code;
  if (answer.type == "more") out["seen"] = answer.seen;
  return dumped(out);
}

std::string failed_json(std::uint32_t request, std::string_view code) {
  FileAnswer answer;
  answer.type = "failed";
  answer.request = request;
  answer.code = code;
  return answer_json(answer);
}

}  // namespace sp::edge_gateway
