#include "core/cli/save.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/testing/catch.h"

using namespace sp;
using sp::cli::Saving;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() : path_((fs::temp_directory_path() / "sallyport-save-XXXXXX").string()) {
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file{path_ + "/" + name};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  [[nodiscard]] auto count() const {
    return std::distance(fs::directory_iterator{path_}, fs::directory_iterator{});
  }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("saved files get their names and only the owner may read them", "[cli]") {
  const Folder folder;
  {
    Saving saving{folder.path()};
    REQUIRE(saving.add("a.txt"));
    REQUIRE(saving.write(0, bytes::of("one ")));
    REQUIRE(saving.write(0, bytes::of("two")));

    CHECK(*saving.publish() == std::vector{folder.path() + "/a.txt"});
  }
  CHECK(folder.read("a.txt") == "one two");
  CHECK(folder.count() == 1);
  CHECK((fs::status(folder.path() + "/a.txt").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a file that is there stays, and a link is not followed", "[cli]") {
  const Folder folder;
  std::ofstream{folder.path() + "/a.txt"} << "before";
  fs::create_symlink("/tmp/elsewhere", folder.path() + "/a (1).txt");
  {
    Saving saving{folder.path()};
    REQUIRE(saving.add("a.txt"));
    REQUIRE(saving.write(0, bytes::of("new")));

    CHECK(*saving.publish() == std::vector{folder.path() + "/a (2).txt"});
  }
  CHECK(folder.read("a.txt") == "before");
  CHECK(folder.read("a (2).txt") == "new");
}

TEST_CASE("what was not published leaves nothing behind", "[cli]") {
  const Folder folder;
  {
    Saving saving{folder.path()};
    REQUIRE(saving.add("a.txt"));
    REQUIRE(saving.write(0, bytes::of("half")));
  }
  CHECK(folder.count() == 0);
}
