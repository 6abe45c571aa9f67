#include "base/config/files.h"

#include <sys/stat.h>

#include <fstream>

#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"

namespace sp::config {
namespace {

namespace fs = std::filesystem;

::mode_t mode_of(const fs::path& path) {
  struct stat state {};
  REQUIRE(::stat(path.c_str(), &state) == 0);
  return state.st_mode & 07777;
}

TEST_CASE("what is written is read back, with the exact mode", "[config]") {
  const testing::TemporaryFolder folder;
  const auto path = folder / "key";

  REQUIRE(write_file(path, bytes::of("first"), 0600));
  REQUIRE(write_file(path, bytes::of("second"), 0644));

  CHECK(bytes::text(*read_file(path)) == "second");
  CHECK(mode_of(path) == 0644);
  CHECK(std::distance(fs::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a failed write leaves what was there and no other file", "[config]") {
  const testing::TemporaryFolder folder;
  const auto taken = folder / "taken";
  fs::create_directory(taken);

  const auto written = write_file(taken, bytes::of("x"), 0600);

  REQUIRE_FALSE(written);
  CHECK(fs::is_directory(taken));
  CHECK(std::distance(fs::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a secret that others may read is refused with the remedy", "[config]") {
  const testing::TemporaryFolder folder;
  const auto path = folder / "key";
  REQUIRE(write_file(path, bytes::of("secret"), 0640));

  const auto refused = read_secret_file(path);

  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Code::forbidden);
  CHECK(refused.error().detail().find("chmod 600 " + path.string()) != std::string::npos);
  REQUIRE(write_file(path, bytes::of("secret"), 0600));
  CHECK(read_secret_file(path)->size() == 6);
}

TEST_CASE("a missing file, a folder and a huge file are told apart", "[config]") {
  const testing::TemporaryFolder folder;
  REQUIRE(write_file(folder / "large", bytes::of("0123456789"), 0600));

  const auto missing = read_file(folder / "nothing");
  const auto directory = read_file(folder.path());
  const auto large = read_file(folder / "large", 9);

  CHECK(missing.error().code() == Code::not_found);
  CHECK(directory.error().code() == Code::invalid_input);
  CHECK(large.error().code() == Code::invalid_input);
  CHECK(missing.error().detail().find((folder / "nothing").string()) != std::string::npos);
}

}  // namespace
}  // namespace sp::config
