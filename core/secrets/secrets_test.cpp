#include "core/secrets/secrets.h"

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/store/testing/fresh_store.h"

namespace sp::secrets {
namespace {

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}

struct Bench {
  explicit Bench(store::Engine engine) : fresh(engine) {
    const auto half = random.secret(32);
    REQUIRE(keyring::Keyring::create(fresh.store(), half, random, clock));
    keyring = *keyring::Keyring::open(fresh.store(), half, random);
  }
  Outcome put(const Owner& owner, std::string_view field, const Secret& value) {
    return fresh.store().write([&](store::Transaction& transaction) {
      return secrets::put(transaction, *keyring, owner, field, value, clock.now());
    });
  }
  Result<Secret> open(const Owner& owner, std::string_view field) {
    const auto actor = access::system_actor();
    const auto permit = access::authorise(actor, access::Action::credentials_use);
    return fresh.store().read([&](store::Transaction& transaction) {
      return secrets::open(transaction, *keyring, *permit, owner, field);
    });
  }
  store::testing::FreshStore fresh;
  sp::testing::ManualClock clock;
  OsRandom random;
  std::unique_ptr<keyring::Keyring> keyring;
};

TEST_CASE("a secret is replaced, opened and removed", "[secrets]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const Owner owner{"credential", "a"};

  REQUIRE(bench.put(owner, "password", secret("one")));
  REQUIRE(bench.put(owner, "password", secret("two")));

  CHECK(*bench.open(owner, "password") == secret("two"));
  CHECK(bench.open(owner, "passphrase")->empty());
  REQUIRE(bench.put(owner, "password", {}));
  CHECK(bench.open(owner, "password")->empty());
}

TEST_CASE("a secret that was moved to another owner or field does not open",
          "[secrets][promise-2]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  REQUIRE(bench.put({"credential", "a"}, "password", secret("one")));
  REQUIRE(bench.put({"credential", "b"}, "password", secret("two")));

  REQUIRE(bench.fresh.store().write([](store::Transaction& transaction) {
    return transaction.run(
        "UPDATE secrets SET sealed = (SELECT s.sealed FROM secrets s WHERE s.owner = 'a') WHERE "
        "owner = 'b'");
  }));

  CHECK(bench.open({"credential", "b"}, "password").error().code() == Code::corrupt);
  CHECK(*bench.open({"credential", "a"}, "password") == secret("one"));
}

}  // namespace
}  // namespace sp::secrets
