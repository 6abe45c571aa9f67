#include "core/keyring/keyring.h"

#include <sys/stat.h>

#include <fstream>

#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/store/testing/fresh_store.h"

namespace sp::keyring {
namespace {

using store::testing::FreshStore;

Secret half(char fill) {
  return Secret::copy_of(bytes::of(std::string(root_half_size, fill)));
}
std::unique_ptr<Keyring> made(store::Store& store, Random& random) {
  REQUIRE(Keyring::create(store, half('k'), random, sp::testing::ManualClock{}));
  auto keyring = Keyring::open(store, half('k'), random);
  REQUIRE(keyring);
  return std::move(*keyring);
}

TEST_CASE("what was sealed opens in its place, also after a restart", "[keyring]") {
  FreshStore fresh{GENERATE(from_range(store::testing::engines()))};
  OsRandom random;
  const auto sealed = made(fresh.store(), random)->seal({"mail", "7", "body"}, bytes::of("link"));

  const auto again = Keyring::open(fresh.store(), half('k'), random);

  REQUIRE(again);
  CHECK(bytes::text((*again)->open({"mail", "7", "body"}, sealed)->expose()) == "link");
}

TEST_CASE("a sealed value does not open anywhere else", "[keyring]") {
  FreshStore fresh{store::Engine::sqlite};
  OsRandom random;
  const auto keyring = made(fresh.store(), random);
  const auto sealed = keyring->seal({"mail", "7", "body"}, bytes::of("link"));

  CHECK_FALSE(keyring->open({"mails", "7", "body"}, sealed));
  CHECK_FALSE(keyring->open({"mail", "8", "body"}, sealed));
  CHECK_FALSE(keyring->open({"mail", "7", "subject"}, sealed));
  CHECK_FALSE(keyring->open({"mail7", "", "body"}, sealed));
}

TEST_CASE("a sealed value with any bit flipped, cut or lengthened does not open", "[keyring]") {
  FreshStore fresh{store::Engine::sqlite};
  OsRandom random;
  const auto keyring = made(fresh.store(), random);
  const auto sealed = keyring->seal({"t", "1", "f"}, bytes::of("secret"));
  const auto opens = [&](const Bytes& value) {
    return keyring->open({"t", "1", "f"}, value).has_value();
  };
  int opened = 0;

  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto flipped = sealed;
    flipped[bit / 8] ^= static_cast<std::byte>(1 << (bit % 8));
    opened += opens(flipped) ? 1 : 0;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    opened +=
        opens(Bytes(sealed.begin(), sealed.begin() + static_cast<std::ptrdiff_t>(size))) ? 1 : 0;
  auto longer = sealed;
  longer.push_back(std::byte{0});

  CHECK(opened == 0);
  CHECK_FALSE(opens(longer));
  CHECK(opens(sealed));
}

TEST_CASE("after a rotation new values use the new term and old ones still open", "[keyring]") {
  FreshStore fresh{GENERATE(from_range(store::testing::engines()))};
  OsRandom random;
  const auto keyring = made(fresh.store(), random);
  const auto old_value = keyring->seal({"t", "1", "f"}, bytes::of("x"));

  REQUIRE(keyring->rotate(fresh.store(), sp::testing::ManualClock{}));

  CHECK(keyring->newest_term() == 2);
  CHECK(keyring->open({"t", "1", "f"}, old_value));
  CHECK(keyring->seal({"t", "1", "f"}, bytes::of("x"))[4] == std::byte{2});
}

TEST_CASE("neither another key file nor another database opens the keyring",
          "[keyring][promise-2]") {
  FreshStore fresh{store::Engine::sqlite};
  OsRandom random;
  const auto keyring = made(fresh.store(), random);
  FreshStore other{store::Engine::sqlite};
  REQUIRE(Keyring::create(other.store(), half('k'), random, sp::testing::ManualClock{}));

  CHECK(Keyring::open(fresh.store(), half('x'), random).error().code() == Code::corrupt);
  const auto stranger = Keyring::open(other.store(), half('k'), random);
  CHECK_FALSE((*stranger)->open({"t", "1", "f"}, keyring->seal({"t", "1", "f"}, bytes::of("x"))));
  CHECK_FALSE((*stranger)->derive("audit") == keyring->derive("audit"));
}

TEST_CASE("a keyring is made once", "[keyring]") {
  FreshStore fresh{GENERATE(from_range(store::testing::engines()))};
  OsRandom random;
  const auto keyring = made(fresh.store(), random);

  CHECK(Keyring::create(fresh.store(), half('k'), random, sp::testing::ManualClock{})
            .error()
            .code() == Code::conflict);
}

TEST_CASE("a key file that others can read is refused", "[keyring]") {
  FreshStore fresh{store::Engine::sqlite};
  OsRandom random;
  const auto path = fresh.folder() + "/root.key";
  REQUIRE(write_root_half(path, random));
  CHECK(read_root_half(path));

  ::chmod(path.c_str(), 0640);
  CHECK(read_root_half(path).error().code() == Code::forbidden);
  CHECK(write_root_half(path, random).error().code() == Code::conflict);
  CHECK(read_root_half(fresh.folder() + "/none").error().code() == Code::unavailable);
}

}  // namespace
}  // namespace sp::keyring
