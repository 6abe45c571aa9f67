#include "certs/authority/pair.h"

#include <sys/stat.h>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/certificate.h"

namespace sp::certs {
namespace {

using testing::TemporaryFolder;

Issued fresh(std::string_view host) {
  OsRandom random;
  auto made = self_signed(
      {.profile = Profile::self_signed, .hosts = {*Host::parse(host)}, .uri = {}, .life = {}},
      SystemClock{}.now(), random);
  REQUIRE(made);
  return *std::move(made);
}

std::string served(const Pair& pair) {
  const auto loaded = load(pair);
  REQUIRE(loaded);
  return tls::names(*loaded->leaf).front();
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat state {};
  REQUIRE(::stat(path.c_str(), &state) == 0);
  return state.st_mode & 0777;
}

TEST_CASE("a pair is written privately, kept when replaced, and comes back", "[certs]") {
  const TemporaryFolder folder;
  const auto pair = *Pair::in(folder / "site", "edge");

  REQUIRE(write(pair, fresh("a.example"), Replace::never));
  const auto again = write(pair, fresh("b.example"), Replace::never);
  REQUIRE(write(pair, fresh("b.example"), Replace::yes));

  CHECK(again.error().code() == Code::conflict);
  CHECK(mode_of(pair.key()) == 0600);
  CHECK(mode_of(pair.certificate()) == 0644);
  CHECK(mode_of(pair.previous().key()) == 0600);
  CHECK(served(pair) == "b.example");
  REQUIRE(rollback(pair));
  CHECK(served(pair) == "a.example");
  REQUIRE(rollback(pair));
  CHECK(served(pair) == "b.example");
}

TEST_CASE("there is no way back where nothing was kept, or what was kept is broken", "[certs]") {
  const TemporaryFolder folder;
  const auto pair = *Pair::in(folder.path(), "edge");
  REQUIRE(write(pair, fresh("a.example"), Replace::never));
  CHECK(rollback(pair).error().code() == Code::not_found);
  REQUIRE(write(pair, fresh("b.example"), Replace::yes));
  REQUIRE(config::write_file(pair.previous().key(), fresh("c.example").key.expose(), 0600));

  CHECK(rollback(pair).error().code() == Code::invalid_input);
  CHECK(served(pair) == "b.example");
}

TEST_CASE("a pair's name is a file name", "[certs]") {
  const auto* bad = GENERATE("", "../x", "a/b", ".hidden");
  CHECK(Pair::in("/tmp", bad).error().code() == Code::invalid_input);
  CHECK(Pair::of_certificate("/tmp/a.pem").error().code() == Code::invalid_input);
  CHECK(Pair::of_certificate("a.crt")->folder == ".");
}

}  // namespace
}  // namespace sp::certs
