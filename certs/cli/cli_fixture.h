#pragma once
// A terminal for tests of the command: what was typed, and what came back.

#include <sstream>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"
#include "certs/cli/cli.h"

namespace sp::certs {

struct Ran {
  int code;
  std::string out;
  std::string err;
};

class Desk {
 public:
  testing::TemporaryFolder folder;
  testing::ManualClock clock{SystemClock{}.now()};

  /// With `typed`, somebody sits there and answers.
  Ran run(const std::vector<std::string>& arguments, const char* typed = nullptr) {
    std::istringstream in{typed == nullptr ? "" : typed};
    std::ostringstream out;
    std::ostringstream err;
    OsRandom random;
    Context context{out, err, clock, random};
    if (typed != nullptr) context.in = &in;
    const int code = certs::run(arguments, context);
    return {code, out.str(), err.str()};
  }
  Ran init() {
    return run({"ca", "init", "--out", path("ca"), "--name", "Test CA", "--permit", "example",
                "127.0.0.0/8", "a"});
  }
  Ran issue(const std::vector<std::string>& more) {
    std::vector<std::string> all{"issue",     "--ca",   path("ca"), "--out",
                                 path("out"), "--name", "edge"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  bool is_there(std::string_view name) const { return std::filesystem::exists(folder / name); }
  std::string path(std::string_view name) const { return (folder / name).string(); }
  std::string content(std::string_view name) const {
    return std::string{bytes::text(*config::read_file(folder / name))};
  }
};

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace sp::certs
