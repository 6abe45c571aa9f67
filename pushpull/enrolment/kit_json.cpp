#include <nlohmann/json.hpp>

#include "pushpull/enrolment/kit.h"

namespace sp::pushpull {
namespace {

using nlohmann::json;

constexpr std::size_t most_kit_size = 4096;
constexpr std::size_t members = 7;

Error no_kit() {
  return Error{Code::invalid_input, "this is not an enrolment kit; make a new one at the core"};
}
Result<std::string> text_of(const json& object, const char* key, std::size_t most) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return no_kit();
  const auto& text = found->get_ref<const std::string&>();
  if (text.empty() || text.size() > most) return no_kit();
  return text;
}
Result<Bytes> bytes_of(const json& object, const char* key) {
  auto text = TRY(text_of(object, key, 64));
  auto value = bytes::from_base64url(text);
  wipe(text);
  if (!value) return no_kit();
  return *std::move(value);
}

}  // namespace

Secret encode(const Kit& kit) {
  json object;
  object["v"] = 1;
  object["edge_id"] = bytes::base64url(kit.edge_id.view());
  object["name"] = kit.name;
  object["kind"] = kit.kind;
  object["core_key"] = bytes::base64url(kit.core_key.view());
  object["psk"] = bytes::base64url(kit.psk.secret().expose());
  object["expires_at"] = rfc3339(kit.expires_at);
  auto text = object.dump(2) + "\n";
  wipe(object["psk"].get_ref<std::string&>());
  auto secret = Secret::copy_of(bytes::of(text));
  wipe(text);
  return secret;
}

Result<Kit> decode_kit(BytesView from) {
  if (from.size() > most_kit_size) return no_kit();
  auto object = json::parse(bytes::text(from), nullptr, false);
  if (!object.is_object() || object.size() != members) return no_kit();
  const auto version = object.find("v");
  if (version == object.end() || !version->is_number_unsigned() || *version != 1U) return no_kit();
  const auto edge_id = TRY(bytes_of(object, "edge_id"));
  const auto core_key = TRY(bytes_of(object, "core_key"));
  auto psk = TRY(bytes_of(object, "psk"));
  auto psk_key = LinkPsk::of(psk);
  wipe(psk);
  wipe(object["psk"].get_ref<std::string&>());
  const auto expires_at = parse_rfc3339(TRY(text_of(object, "expires_at", 32)));
  const auto id = EdgeId::of(edge_id);
  const auto key = StaticPublicKey::of(core_key);
  if (!psk_key || !expires_at || !id || !key) return no_kit();
  auto name = TRY(text_of(object, "name", 100));
  auto kind = TRY(text_of(object, "kind", 32));
  return Kit{*id, std::move(name), std::move(kind), *key, *std::move(psk_key), *expires_at};
}

}  // namespace sp::pushpull
