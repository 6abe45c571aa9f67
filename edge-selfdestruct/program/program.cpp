#include "edge-selfdestruct/program/program.h"

#include <fmt/format.h>

#include "edge-selfdestruct/program/edge.h"
#include "edge-selfdestruct/program/sandbox.h"

namespace sp::edge_selfdestruct {
namespace {

Result<pushpull::Prepared> prepare(const std::filesystem::path& path) {
  auto config = TRY(read_config(path));
  pushpull::Prepared out;
  out.host = config.host;
  out.start = [config = std::move(config)](
                  const Clock& clock,
                  Random& random) -> Result<std::unique_ptr<pushpull::RunningEdge>> {
    return TRY(Edge::start(config, clock, random));
  };
  return out;
}

Result<std::string> standing(sqlite::Database& db) {
  return fmt::format("messages        {}\n", TRY(count_live(db)));
}

}  // namespace

pushpull::EdgeProgram program() {
  return {.name = "sallyport-selfdestruct",
          .kind = "selfdestruct",
          .what = "portal",
          .config = "/etc/sallyport/selfdestruct.toml",
          .page = "/m/AAAAAAAAAAAAAAAAAAAAAA",
          .prepare = prepare,
          .enter_sandbox = enter_sandbox,
          .standing = standing};
}

}  // namespace sp::edge_selfdestruct
