#include "base/log/log.h"

#include "base/testing/catch.h"

namespace sp::log {
namespace {

TEST_CASE("what a peer sent stays on its line", "[log]") {
  CHECK(escaped("a\n2026 error forged=\"1\"") == "\"a\\x0a2026 error forged=\\x221\\x22\"");
  CHECK(escaped(std::string(300, 'x')) == '"' + std::string(256, 'x') + "...\"");
}

}  // namespace
}  // namespace sp::log
