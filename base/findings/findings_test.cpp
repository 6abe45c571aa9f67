#include "base/findings/findings.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/config/files.h"
#include "base/findings/machine.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"
#include "base/testing/test_identity.h"

using namespace sp;
using findings::Grade;

namespace {

findings::Listener listener_with(const testing::TemporaryFolder& folder,
                                 const tls::Identity& identity) {
  REQUIRE(config::write_file(folder / "a.crt", bytes::of(identity.chain_pem), 0644));
  REQUIRE(config::write_file(folder / "a.key", identity.key_pem.expose(), 0600));
  return {"site",           "127.0.0.1:1",    "localhost",   "/",
          folder / "a.crt", folder / "a.key", "sallyport-x", true};
}

std::vector<Grade> grades(const findings::Findings& all) {
  std::vector<Grade> out;
  for (const auto& one : all) out.push_back(one.grade);
  return out;
}

}  // namespace

TEST_CASE("findings are told in words and as JSON, and only what is bad fails", "[doctor]") {
  const findings::Findings fine{findings::good("disk", "Room."),
                                findings::note("clock", "Hm.", "So.", "Do.")};
  const findings::Findings ill{findings::bad("port", "Says \"no\".", "Why.", "Act.")};

  CHECK(findings::exit_code(fine) == 0);
  CHECK(findings::exit_code(ill) == 1);
  CHECK(findings::text(fine) ==
        "ok    disk          Room.\nnote  clock         Hm.\n                    why: So.\n"
        "                    do:  Do.\n");
  CHECK(
      findings::json(ill) ==
      R"({"well":false,"findings":[{"grade":"bad","about":"port","what":"Says \"no\".","why":"Why.","to_do":"Act."}]})");
}

TEST_CASE("a good certificate whose port is closed is told apart from its port", "[doctor]") {
  const testing::TemporaryFolder folder;
  const auto one = listener_with(folder, testing::test_identity(-1, 100));

  const auto found = findings::listener(one, SystemClock{}.now());

  CHECK(grades(found) == std::vector{Grade::good, Grade::note, Grade::bad});
}

TEST_CASE("an expired certificate, another's key and another name are each found", "[doctor]") {
  const testing::TemporaryFolder folder;
  const auto expired = listener_with(folder, testing::test_identity(-10, -1));
  CHECK(findings::listener(expired, SystemClock{}.now()).front().grade == Grade::bad);

  const testing::TemporaryFolder second;
  auto one = listener_with(second, testing::test_identity(-1, 100));
  REQUIRE(config::write_file(one.key, testing::test_identity().key_pem.expose(), 0600));
  one.host = "elsewhere.example";
  CHECK(grades(findings::listener(one, SystemClock{}.now())) ==
        std::vector{Grade::good, Grade::bad, Grade::bad, Grade::bad});
}

TEST_CASE("a secret that others can read is bad", "[doctor]") {
  const testing::TemporaryFolder folder;
  REQUIRE(config::write_file(folder / "k", bytes::of("x"), 0600));

  CHECK(findings::secret_file("key", folder / "k", folder.path()).grade == Grade::good);
  REQUIRE(::chmod((folder / "k").c_str(), 0640) == 0);
  CHECK(findings::secret_file("key", folder / "k", folder.path()).grade == Grade::bad);
  CHECK(findings::secret_file("key", folder / "none", folder.path()).grade == Grade::bad);
}

TEST_CASE("this machine's name and a name of nobody are told apart", "[doctor]") {
  CHECK(findings::name_of("https://127.0.0.1:8443").grade == Grade::good);
  CHECK(findings::name_of("https://nobody.invalid").grade == Grade::bad);
  CHECK(findings::name_of("nonsense").grade == Grade::bad);
  CHECK(findings::disk("/").about == "disk");
}
