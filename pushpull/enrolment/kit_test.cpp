#include "pushpull/enrolment/kit.h"

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "pushpull/envelope/envelope.h"

namespace sp::pushpull {
namespace {

constexpr Instant noon = from_millis(1'800'000'000'000);

NewLink some_link(Random& random) {
  return make_link(EdgeId::random(random), "selfdestruct", "selfdestruct", random, noon);
}
std::string text_of(const Kit& kit) {
  return std::string{bytes::text(encode(kit).expose())};
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}
bool is_kit(std::string_view text) {
  return decode_kit(bytes::of(text)).has_value();
}

}  // namespace

TEST_CASE("a kit survives its file", "[enrolment]") {
  OsRandom random;
  const auto link = some_link(random);

  const auto kit = decode_kit(encode(link.kit).expose()).value();

  CHECK(kit.edge_id == link.kit.edge_id);
  CHECK(kit.name == "selfdestruct");
  CHECK(kit.kind == "selfdestruct");
  CHECK(kit.core_key == core_public_key(link.keys.core_key));
  CHECK(kit.psk == link.keys.psk);
  CHECK(kit.expires_at == noon + kit_life);
}

TEST_CASE("what is no kit is refused", "[enrolment]") {
  OsRandom random;
  const auto good = text_of(some_link(random).kit);

  CHECK(is_kit(good));
  CHECK_FALSE(is_kit(""));
  CHECK_FALSE(is_kit("{}"));
  CHECK_FALSE(is_kit(good.substr(0, good.size() / 2)));
  CHECK_FALSE(is_kit(replaced(good, "\"v\": 1", "\"v\": 2")));
  CHECK_FALSE(is_kit(replaced(good, "\"psk\"", "\"key\"")));
  CHECK_FALSE(is_kit(replaced(good, "\"psk\": \"", "\"psk\": \"AA")));
  CHECK_FALSE(is_kit(replaced(good, "{", "{\"more\": 1,")));
  CHECK_FALSE(is_kit(replaced(good, "T", " ")));
  CHECK_FALSE(is_kit(good + std::string(5000, ' ')));
}

TEST_CASE("the core's keys survive their storage", "[enrolment]") {
  OsRandom random;
  auto keys = some_link(random).keys;
  const auto fresh = decode_link_keys(encode(keys).expose()).value();
  keys.epoch = 3;
  keys.edge_key = StaticPublicKey::random(random);
  keys.pin = Pin::random(random);
  keys.pending = LinkKeys::Pending{LinkPsk::random(random), StaticPublicKey::random(random)};

  const auto back = decode_link_keys(encode(keys).expose()).value();

  CHECK_FALSE(fresh.edge_key.has_value());
  CHECK_FALSE(fresh.pending.has_value());
  CHECK(back.edge_id == keys.edge_id);
  CHECK(back.core_key == keys.core_key);
  CHECK(back.epoch == 3);
  CHECK(back.psk == keys.psk);
  CHECK(back.edge_key == keys.edge_key);
  CHECK(back.pin == keys.pin);
  CHECK(back.pending->psk == keys.pending->psk);
  CHECK(back.pending->edge_key == keys.pending->edge_key);
  CHECK(encode(back.copy()) == encode(keys));
}

TEST_CASE("keys that were cut or lengthened are refused", "[enrolment]") {
  OsRandom random;
  const auto stored = encode(some_link(random).keys);
  auto longer = bytes::copy(stored.expose());
  longer.push_back(std::byte{0});
  int accepted = 0;
  for (std::size_t size = 0; size < stored.size(); ++size)
    accepted += decode_link_keys(stored.expose().first(size)).has_value() ? 1 : 0;

  CHECK(accepted == 0);
  CHECK_FALSE(decode_link_keys(longer).has_value());
}

TEST_CASE("a proof holds for one edge, one core and one TLS key", "[enrolment]") {
  OsRandom random;
  const auto psk = LinkPsk::random(random);
  const auto id = EdgeId::random(random);
  const auto edge = StaticPublicKey::random(random);
  const auto core = StaticPublicKey::random(random);
  const auto pin = Pin::random(random);
  const auto proof = enrolment_proof(psk, id, edge, core, pin);

  CHECK(proof == enrolment_proof(psk, id, edge, core, pin));
  CHECK(proof != enrolment_proof(LinkPsk::random(random), id, edge, core, pin));
  CHECK(proof != enrolment_proof(psk, EdgeId::random(random), edge, core, pin));
  CHECK(proof != enrolment_proof(psk, id, core, edge, pin));
  CHECK(proof != enrolment_proof(psk, id, edge, core, Pin::random(random)));
}

}  // namespace sp::pushpull
