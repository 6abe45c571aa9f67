#include <nlohmann/json.hpp>

#include <algorithm>

#include "certs/acme/folder.h"

namespace sp::acme {
namespace {

using json = nlohmann::ordered_json;

std::string text_of(const json& object) {
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

Error broken() {
  return {Code::corrupt, "it is not as this program wrote it; issue the certificate anew"};
}

Result<json> parse(std::string_view text) {
  auto object = json::parse(text, nullptr, false);
  if (!object.is_object() || object.value("schema", 0) != 1) return broken();
  return object;
}

// Our own files: a wrong type is damage.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}
  std::string text(const char* name) {
    const auto it = object_.find(name);
    if (it == object_.end()) return {};
    if (it->is_string()) return it->get<std::string>();
    good_ = false;
    return {};
  }
  bool flag(const char* name) {
    const auto it = object_.find(name);
    if (it == object_.end()) return false;
    good_ = good_ && it->is_boolean();
    return it->is_boolean() && it->get<bool>();
  }
  unsigned number(const char* name) {
    const auto it = object_.find(name);
    if (it == object_.end()) return 0;
    good_ = good_ && it->is_number_unsigned();
    return it->is_number_unsigned() ? it->get<unsigned>() : 0;
  }
  std::optional<Instant> time(const char* name) {
    const auto value = text(name);
    if (value.empty()) return {};
    const auto at = parse_rfc3339(value);
    good_ = good_ && at.has_value();
    return at ? std::optional{*at} : std::nullopt;
  }
  json list(const char* name) {
    const auto it = object_.find(name);
    if (it == object_.end()) return json::array();
    good_ = good_ && it->is_array();
    return it->is_array() ? *it : json::array();
  }
  void fail() { good_ = false; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  const json& object_;
  bool good_ = true;
};

json json_of(const Challenge& one) {
  return {{"kind", one.kind == ChallengeKind::http_01 ? "http-01" : "dns-01"},
          {"domain", one.domain},
          {"token", one.token},
          {"key_authorization", one.key_authorization}};
}

}  // namespace

std::string encode(const Settings& settings) {
  return text_of({{"schema", 1},
                  {"directory", settings.directory},
                  {"ca_file", settings.ca_file},
                  {"account", settings.account},
                  {"names", settings.names},
                  {"profile", settings.profile},
                  {"preferred_root", settings.preferred_root},
                  {"http_01", settings.http_01},
                  {"dns_01", settings.dns_01},
                  {"reuse_key", settings.reuse_key}});
}

Result<Settings> decode_settings(std::string_view text) {
  const auto object = TRY(parse(text));
  Fields fields{object};
  Settings out;
  out.directory = fields.text("directory");
  out.ca_file = fields.text("ca_file");
  out.account = fields.text("account");
  for (const auto& name : fields.list("names"))
    if (name.is_string())
      out.names.push_back(name.get<std::string>());
    else
      fields.fail();
  out.profile = fields.text("profile");
  out.preferred_root = fields.text("preferred_root");
  out.http_01 = fields.text("http_01");
  out.dns_01 = fields.text("dns_01");
  out.reuse_key = fields.flag("reuse_key");
  if (!fields.good() || out.names.empty() || out.directory.empty()) return broken();
  return out;
}

std::string encode(const Plan& plan) {
  json out{{"schema", 1}, {"of", plan.of}, {"due", rfc3339(plan.due)}};
  if (plan.window)
    out["window"] = {{"start", rfc3339(plan.window->start)},
                     {"end", rfc3339(plan.window->end)},
                     {"explanation", plan.window->explanation}};
  if (plan.ask_at) out["ask_at"] = rfc3339(*plan.ask_at);
  if (plan.failures != 0) out["failures"] = plan.failures;
  if (plan.not_before) out["not_before"] = rfc3339(*plan.not_before);
  if (plan.revoked) out["revoked"] = true;
  return text_of(out);
}

Result<Plan> decode_plan(std::string_view text) {
  const auto object = TRY(parse(text));
  Fields fields{object};
  Plan out;
  out.of = fields.text("of");
  out.due = fields.time("due").value_or(Instant{});
  out.ask_at = fields.time("ask_at");
  out.failures = fields.number("failures");
  out.not_before = fields.time("not_before");
  out.revoked = fields.flag("revoked");
  if (const auto it = object.find("window"); it != object.end()) {
    if (!it->is_object()) return broken();
    Fields inner{*it};
    const auto start = inner.time("start");
    const auto end = inner.time("end");
    if (!start || !end) return broken();
    out.window = Window{*start, *end, inner.text("explanation")};
  }
  if (!fields.good()) return broken();
  return out;
}

std::string encode(const Pending& pending) {
  json out{{"schema", 1},
           {"directory", pending.directory},
           {"url", pending.url},
           {"presented", json::array()}};
  for (const auto& one : pending.presented) out["presented"].push_back(json_of(one));
  return text_of(out);
}

Result<Pending> decode_pending(std::string_view text) {
  const auto object = TRY(parse(text));
  Fields fields{object};
  Pending out;
  out.directory = fields.text("directory");
  out.url = fields.text("url");
  const auto presented = fields.list("presented");
  for (const auto& one : presented) {
    if (!one.is_object()) return broken();
    Fields inner{one};
    out.presented.push_back(
        {inner.text("kind") == "dns-01" ? ChallengeKind::dns_01 : ChallengeKind::http_01,
         inner.text("domain"), inner.text("token"), inner.text("key_authorization")});
    if (!inner.good()) return broken();
  }
  if (!fields.good()) return broken();
  return out;
}

std::string encode(const SavedAccount& account) {
  return text_of({{"schema", 1},
                  {"directory", account.directory},
                  {"url", account.url},
                  {"ca_file", account.ca_file}});
}

Result<SavedAccount> decode_account(std::string_view text) {
  const auto object = TRY(parse(text));
  Fields fields{object};
  SavedAccount out{fields.text("directory"), fields.text("url"), fields.text("ca_file")};
  if (!fields.good() || out.url.empty()) return broken();
  return out;
}

}  // namespace sp::acme
