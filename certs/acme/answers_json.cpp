#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "certs/acme/answers.h"
#include "certs/acme/transport.h"

namespace sp::acme {
namespace {

using nlohmann::json;

constexpr int most_depth = 16;
constexpr std::size_t most_text = 2048;
constexpr std::size_t most_profiles = 50;
constexpr std::string_view urn = "urn:ietf:params:acme:error:";

Error malformed(std::string_view what) {
  return {Code::corrupt, "the CA's answer makes no sense: " + std::string{what}};
}

// A depth limit, because nlohmann's parser keeps what it nests.
json parse(std::string_view body) {
  return json::parse(
      body, [](int depth, json::parse_event_t, json&) { return depth <= most_depth; }, false);
}

std::string text(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto it = object.find(name);
  if (it == object.end() || !it->is_string()) return {};
  const auto& value = it->get_ref<const std::string&>();
  return value.size() > most_text ? std::string{} : value;
}

bool flag(const json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_boolean() && it->get<bool>();
}

Result<std::string> address(const json& object, const char* name) {
  auto url = text(object, name);
  TRY(parse_url(url).within(name));
  return url;
}

Result<std::string> optional_address(const json& object, const char* name) {
  return object.contains(name) ? address(object, name) : std::string{};
}

Result<Status> status(const json& object) {
  constexpr std::array names{"pending", "ready",       "processing", "valid",
                             "invalid", "deactivated", "expired",    "revoked"};
  const auto value = text(object, "status");
  const auto it = std::ranges::find(names, value);
  if (it == names.end()) return malformed("an unknown status");
  return static_cast<Status>(it - names.begin());
}

Result<Host> identifier(const json& object) {
  const auto type = text(object, "type");
  auto host = TRY(Host::parse(text(object, "value")).within("identifier"));
  if ((type == "dns") != (host.kind == Host::Kind::dns) || (type != "dns" && type != "ip"))
    return malformed("an identifier of an unknown type");
  return host;
}

Problem problem_of(const json& object) {
  Problem out;
  const auto type = text(object, "type");
  out.type = plain(type.starts_with(urn) ? type.substr(urn.size()) : type, 60);
  std::string words = text(object, "detail");
  const auto more = object.find("subproblems");
  if (more != object.end() && more->is_array())
    for (std::size_t i = 0; i < std::min<std::size_t>(more->size(), 10); ++i) {
      const auto& one = (*more)[i];
      const auto whom =
          one.is_object() && one.contains("identifier") ? text(one["identifier"], "value") : "";
      words += "; " + whom + ": " + text(one, "detail");
    }
  out.words = plain(words);
  return out;
}

std::optional<Problem> optional_problem(const json& object) {
  const auto it = object.find("error");
  if (it == object.end() || !it->is_object()) return std::nullopt;
  return problem_of(*it);
}

bool is_token(std::string_view token) {
  return token.size() >= 16 && token.size() <= 128 && std::ranges::all_of(token, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

Result<Offer> offer(const json& object) {
  Offer out;
  out.type = text(object, "type");
  out.url = TRY(address(object, "url"));
  out.token = text(object, "token");
  out.status = TRY(status(object));
  out.problem = optional_problem(object);
  // It becomes part of a path and of an answer.
  if (!out.token.empty() && !is_token(out.token)) return malformed("a token that is none");
  return out;
}

Result<json> list(const json& object, const char* name, std::size_t most) {
  const auto it = object.find(name);
  if (it == object.end() || !it->is_array() || it->empty() || it->size() > most)
    return malformed(std::string{name} + " is missing or too long");
  return *it;
}

}  // namespace

Problem decode_problem(std::string_view body) {
  const auto object = parse(body);
  if (!object.is_object()) return {};
  return problem_of(object);
}

Result<Directory> decode_directory(std::string_view body) {
  const auto object = parse(body);
  if (!object.is_object()) return malformed("no directory");
  Directory out;
  out.new_nonce = TRY(address(object, "newNonce"));
  out.new_account = TRY(address(object, "newAccount"));
  out.new_order = TRY(address(object, "newOrder"));
  out.revoke_certificate = TRY(optional_address(object, "revokeCert"));
  out.key_change = TRY(optional_address(object, "keyChange"));
  out.renewal_info = TRY(optional_address(object, "renewalInfo"));
  const auto meta = object.find("meta");
  if (meta == object.end() || !meta->is_object()) return out;
  out.terms = plain(text(*meta, "termsOfService"), most_text);
  out.external_account_required = flag(*meta, "externalAccountRequired");
  const auto profiles = meta->find("profiles");
  if (profiles == meta->end() || !profiles->is_object()) return out;
  for (const auto& [name, words] : profiles->items())
    if (out.profiles.size() < most_profiles) out.profiles.push_back(plain(name, 100));
  return out;
}

Result<Order> decode_order(std::string_view body) {
  const auto object = parse(body);
  if (!object.is_object()) return malformed("no order");
  Order out;
  out.status = TRY(status(object));
  const auto names = TRY(list(object, "identifiers", most_names));
  for (const auto& name : names) out.names.push_back(TRY(identifier(name)));
  const auto authorizations = TRY(list(object, "authorizations", most_names));
  for (const auto& one : authorizations) {
    if (!one.is_string()) return malformed("an authorization that is no address");
    out.authorizations.push_back(one.get<std::string>());
    TRY(parse_url(out.authorizations.back()).within("authorization"));
  }
  out.finalize = TRY(address(object, "finalize"));
  out.certificate = TRY(optional_address(object, "certificate"));
  out.problem = optional_problem(object);
  return out;
}

Result<Authorization> decode_authorization(std::string_view body) {
  const auto object = parse(body);
  if (!object.is_object() || !object.contains("identifier")) return malformed("no authorization");
  Authorization out;
  out.host = TRY(identifier(object["identifier"]));
  out.wildcard = flag(object, "wildcard");
  out.status = TRY(status(object));
  const auto offers = TRY(list(object, "challenges", most_challenges));
  for (const auto& one : offers) out.offers.push_back(TRY(offer(one)));
  return out;
}

Result<Window> decode_window(std::string_view body) {
  const auto object = parse(body);
  if (!object.is_object() || !object.contains("suggestedWindow"))
    return malformed("no renewal information");
  Window out;
  out.start = TRY(parse_time(text(object["suggestedWindow"], "start")));
  out.end = TRY(parse_time(text(object["suggestedWindow"], "end")));
  // RFC 9773 section 4.2: "a renewal info object whose end is not after its start is invalid".
  if (out.end <= out.start) return malformed("a renewal window that ends before it begins");
  out.explanation = plain(text(object, "explanationURL"), most_text);
  return out;
}

}  // namespace sp::acme
