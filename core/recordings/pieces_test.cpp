#include "core/recordings/pieces.h"

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/store/testing/fresh_store.h"

namespace sp::recordings {
namespace {

struct Bench {
  explicit Bench(store::Engine engine) : fresh(engine) {
    const auto half = random.secret(32);
    REQUIRE(keyring::Keyring::create(fresh.store(), half, random, clock));
    keyring = *keyring::Keyring::open(fresh.store(), half, random);
  }
  void write(const std::string& session, std::string_view text) {
    auto writer = *PieceWriter::begin(fresh.store(), *keyring, session);
    REQUIRE(writer.add(bytes::of(text)));
    REQUIRE(writer.finish());
  }
  std::string read(const std::string& session) {
    std::string out;
    for (std::int64_t number = 0;; ++number) {
      const auto piece = read_piece(fresh.store(), *keyring, session, number);
      REQUIRE(piece);
      if (!*piece) return out;
      out += bytes::text((*piece)->expose());
    }
  }
  store::testing::FreshStore fresh;
  OsRandom random;
  sp::testing::ManualClock clock;
  std::unique_ptr<keyring::Keyring> keyring;
};

auto each_engine() {
  return GENERATE(from_range(store::testing::engines()));
}

}  // namespace

TEST_CASE("what was written in pieces is read again", "[recordings]") {
  Bench bench{each_engine()};
  std::string much;
  for (int line = 0; line < 40'000; ++line)
    much += "[1.0, \"o\", \"" + std::to_string(line) + "\"]\n";

  bench.write("one", much);
  bench.write("two", "");

  CHECK(much.size() > 2 * piece_size);
  CHECK(bench.read("one") == much);
  CHECK(bench.read("two").empty());
}

TEST_CASE("a second attempt begins anew", "[recordings]") {
  Bench bench{each_engine()};

  bench.write("one", "the first attempt");
  bench.write("one", "whole");

  CHECK(bench.read("one") == "whole");
}

TEST_CASE("a piece is sealed, and opens at its place alone", "[recordings]") {
  Bench bench{each_engine()};
  bench.write("one", "secret words");

  const auto data = bench.fresh.store().read([](store::Transaction& transaction) {
    return transaction.one("SELECT data FROM recording_pieces");
  });
  CHECK(bytes::text((*data)->bytes(0)).find("secret") == std::string_view::npos);
  REQUIRE(bench.fresh.store().write([](store::Transaction& transaction) {
    return transaction.run("UPDATE recording_pieces SET session = 'two'");
  }));
  CHECK(read_piece(bench.fresh.store(), *bench.keyring, "two", 0).error().code() == Code::corrupt);
}

}  // namespace sp::recordings
