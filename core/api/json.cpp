#include "core/api/internal/json.h"

#include <algorithm>

namespace sp::api {
namespace {

constexpr int most_depth = 32;
constexpr std::size_t most_values = 100'000;

// Nesting and number of values, before anything is built. Works on the raw text: strings are
// skipped.
bool small_enough(std::string_view text) {
  int depth = 0;
  std::size_t values = 1;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == ',' || c == ':') ++values;
    if ((c == '{' || c == '[') && ++depth > most_depth) return false;
    if (c == '}' || c == ']') --depth;
    if (values > most_values) return false;
  }
  return true;
}

// Refuses a member name that an object has twice: two readers could choose differently.
class NoTwins {
 public:
  bool operator()(int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) names_.emplace_back();
    if (event == Json::parse_event_t::object_end) names_.pop_back();
    if (event == Json::parse_event_t::key &&
        !names_.back().insert(parsed.get<std::string>()).second)
      twins_ = true;
    return true;
  }
  [[nodiscard]] bool found() const { return twins_; }

 private:
  std::vector<std::set<std::string>> names_;
  bool twins_ = false;
};

bool control(unsigned char c, bool lines) {
  if (lines && (c == '\n' || c == '\r' || c == '\t')) return false;
  return c < 0x20 || c == 0x7f;
}

// What is wrong with it, or nothing.
std::string wrong_with(std::string_view text, const TextRule& rule) {
  if (text.size() < rule.least)
    return rule.least == 1 ? "must not be empty"
                           : "must be at least " + std::to_string(rule.least) + " long";
  if (text.size() > rule.most)
    return "must be at most " + std::to_string(rule.most) + " bytes long";
  if (std::any_of(text.begin(), text.end(),
                  [&](char c) { return control(static_cast<unsigned char>(c), rule.lines); }))
    return "must not hold control characters";
  return {};
}

}  // namespace

Result<Json> parse_json(std::string_view text) {
  if (!bytes::is_utf8(text)) return Error{Code::invalid_input, "json: not UTF-8"};
  if (!small_enough(text)) return Error{Code::invalid_input, "json: too deep or too many values"};
  NoTwins twins;
  auto parsed = Json::parse(text, std::ref(twins), false);
  if (parsed.is_discarded()) return Error{Code::invalid_input, "json: malformed"};
  if (twins.found()) return Error{Code::invalid_input, "json: a name twice"};
  return parsed;
}

Response json_response(const Json& value, int status) {
  Response response;
  response.status = status;
  response.body = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Members::Members(Json& object, std::string prefix) : object_(&object), prefix_(std::move(prefix)) {
  if (object.is_object()) return;
  problems_.push_back(
      {prefix_.empty() ? "" : prefix_.substr(0, prefix_.size() - 1), "must be an object"});
  object_ = nullptr;
}

void Members::refuse(const std::string& name, std::string detail) {
  problems_.push_back({path_of(name), std::move(detail)});
}

void Members::take_over(std::vector<FieldProblem> problems) {
  for (auto& one : problems) problems_.push_back(std::move(one));
}

Json* Members::member(const std::string& name, bool required) {
  asked_.insert(name);
  if (object_ == nullptr) return nullptr;
  const auto it = object_->find(name);
  if (it != object_->end() && !it->is_null()) return &*it;
  if (required) refuse(name, "is needed");
  return nullptr;
}

Json* Members::raw(const std::string& name) {
  return member(name, false);
}

bool Members::is_null(const std::string& name) {
  asked_.insert(name);
  if (object_ == nullptr) return false;
  const auto it = object_->find(name);
  return it != object_->end() && it->is_null();
}

bool Members::has(const std::string& name) {
  asked_.insert(name);
  return object_ != nullptr && object_->contains(name);
}

std::optional<std::string> Members::maybe_text(const std::string& name, const TextRule& rule) {
  const auto* value = member(name, false);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    refuse(name, "must be text");
    return std::nullopt;
  }
  const auto& text = value->get_ref<const std::string&>();
  if (auto wrong = wrong_with(text, rule); !wrong.empty()) {
    refuse(name, std::move(wrong));
    return std::nullopt;
  }
  return text;
}

std::string Members::text(const std::string& name, const TextRule& rule) {
  if (member(name, true) == nullptr) return {};
  return maybe_text(name, rule).value_or("");
}

std::optional<std::int64_t> Members::maybe_integer(const std::string& name, std::int64_t least,
                                                   std::int64_t most) {
  const auto* value = member(name, false);
  if (value == nullptr) return std::nullopt;
  // An unsigned number past the signed ones would turn negative.
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
  const auto number = fits ? value->get<std::int64_t>() : 0;
  if (fits && number >= least && number <= most) return number;
  refuse(name,
         "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::int64_t Members::integer(const std::string& name, std::int64_t least, std::int64_t most) {
  if (member(name, true) == nullptr) return least;
  return maybe_integer(name, least, most).value_or(least);
}

std::optional<bool> Members::maybe_flag(const std::string& name) {
  const auto* value = member(name, false);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  refuse(name, "must be true or false");
  return std::nullopt;
}

bool Members::flag(const std::string& name) {
  if (member(name, true) == nullptr) return false;
  return maybe_flag(name).value_or(false);
}

std::optional<Secret> Members::maybe_secret(const std::string& name, const TextRule& rule) {
  auto* value = member(name, false);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    refuse(name, "must be text");
    return std::nullopt;
  }
  auto& text = value->get_ref<std::string&>();
  auto wrong = wrong_with(text, rule);
  auto secret = Secret::copy_of(bytes::of(text));
  wipe(text);
  if (wrong.empty()) return secret;
  refuse(name, std::move(wrong));
  return std::nullopt;
}

Secret Members::secret(const std::string& name, const TextRule& rule) {
  if (member(name, true) == nullptr) return {};
  auto found = maybe_secret(name, rule);
  return found ? std::move(*found) : Secret{};
}

std::vector<FieldProblem> Members::done() {
  if (object_ != nullptr) {
    for (const auto& [name, value] : object_->items()) {
      if (!asked_.contains(name)) refuse(name.substr(0, 64), "is not known");
    }
  }
  return std::move(problems_);
}

}  // namespace sp::api
