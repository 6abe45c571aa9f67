#include "core/recordings/opener.h"

#include <nlohmann/json.hpp>

#include <fstream>

#include "base/testing/catch.h"

namespace sp::recordings {
namespace {

Bytes hex(const nlohmann::json& value) {
  return bytes::from_hex(value.get<std::string>()).value();
}

/// The example that the gateway's writer is held to, too.
struct Vector {
  nlohmann::json v = [] {
    std::ifstream in{"edge-gateway/recording/testdata/recording-v1.json"};
    return nlohmann::json::parse(in)["tests"][0];
  }();
  Bytes file = hex(v["file"]);
  std::string cast = v["cast"].get<std::string>();

  [[nodiscard]] pushpull::SessionId session() const {
    pushpull::SessionId id{};
    std::ranges::copy(hex(v["session"]), id.begin());
    return id;
  }
  [[nodiscard]] Opener opener() const {
    return {session(), pushpull::StaticPrivateKey::of(hex(v["recording_private"])).value()};
  }
  [[nodiscard]] Progress told() const {
    Progress out{v["chunks"], file.size(), {}};
    std::ranges::copy(hex(v["hash"]), out.hash.begin());
    return out;
  }
};

std::string text(const Result<Secret>& secret) {
  return secret ? std::string{bytes::text(secret->expose())} : "(" + secret.error().detail() + ")";
}

/// Everything that is given out of `file`, taken `step` bytes at a time.
std::string opened(Opener& opener, BytesView file, std::size_t step) {
  std::string out;
  for (; !file.empty(); file = file.subspan(std::min(step, file.size()))) {
    const auto piece = opener.take(file.first(std::min(step, file.size())));
    if (piece) out += text(piece);
  }
  return out;
}

}  // namespace

TEST_CASE("the core reads what the gateway wrote", "[recordings]") {
  const Vector v;
  auto opener = v.opener();

  CHECK(text(opener.take(v.file)) == v.cast);
  CHECK(opener.is_finished());
  CHECK(opener.progress() == v.told());
  CHECK(verdict(opener, v.told()) == State::whole);
}

TEST_CASE("however the bytes come, the text is the same", "[recordings]") {
  const Vector v;
  for (const std::size_t step : {1U, 7U, 52U, 53U, 100U}) {
    auto opener = v.opener();
    CHECK(opened(opener, v.file, step) == v.cast);
    CHECK(verdict(opener, v.told()) == State::whole);
  }
}

TEST_CASE("a recording cut anywhere shows the whole chunks before the cut", "[recordings]") {
  const Vector v;
  for (std::size_t size = 0; size < v.file.size(); ++size) {
    auto opener = v.opener();
    const auto shown = text(opener.take(BytesView{v.file}.first(size)));
    CHECK(v.cast.starts_with(shown));
    CHECK(shown.size() < v.cast.size());
    CHECK_FALSE(opener.is_finished());
    CHECK(opener.wanted() == size);
    CHECK(verdict(opener, opener.progress()) == State::cut);
    CHECK(verdict(opener, v.told()) == State::damaged);
  }
}

TEST_CASE("nothing that follows a flipped bit is shown", "[recordings][promise-2]") {
  const Vector v;
  int whole = 0;
  bool always_a_beginning = true;
  for (std::size_t bit = 0; bit < v.file.size() * 8; ++bit) {
    auto file = v.file;
    file[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    auto opener = v.opener();
    const auto shown = opened(opener, file, file.size());
    always_a_beginning = always_a_beginning && v.cast.starts_with(shown);
    whole += verdict(opener, v.told()) == State::whole ? 1 : 0;
  }
  CHECK(whole == 0);
  CHECK(always_a_beginning);
}

TEST_CASE("after damage nothing is given, though good bytes come", "[recordings]") {
  const Vector v;
  auto opener = v.opener();
  auto file = v.file;
  file[100] ^= std::byte{1};

  CHECK_FALSE(opener.take(file));
  CHECK_FALSE(opener.take(v.file));
  CHECK(opener.is_damaged());
}

TEST_CASE("what goes on after its end is damaged", "[recordings]") {
  const Vector v;
  auto opener = v.opener();
  auto file = v.file;
  file.resize(file.size() + 21);

  CHECK(text(opener.take(file)) == v.cast);
  CHECK(verdict(opener, v.told()) == State::damaged);
}

TEST_CASE("another session's recording, or another key, is damaged", "[recordings]") {
  const Vector v;
  const auto key = pushpull::StaticPrivateKey::of(hex(v.v["recording_private"])).value();
  Opener other_session{pushpull::SessionId{}, key.copy()};
  Opener other_key{v.session(), pushpull::StaticPrivateKey::of(Bytes(32, std::byte{9})).value()};

  CHECK_FALSE(other_session.take(v.file));
  CHECK_FALSE(other_key.take(v.file));
}

TEST_CASE("a gateway that told another end is not believed", "[recordings]") {
  const Vector v;
  auto opener = v.opener();
  CHECK(opener.take(v.file));
  auto told = v.told();
  told.hash[0] ^= std::byte{1};

  CHECK(verdict(opener, told) == State::damaged);
}

TEST_CASE("states keep their names", "[recordings]") {
  for (const auto state : {State::none, State::awaited, State::growing, State::whole, State::cut,
                           State::damaged, State::erased})
    CHECK(state_named(name(state)).value() == state);
  CHECK_FALSE(state_named("perfect"));
}

}  // namespace sp::recordings
