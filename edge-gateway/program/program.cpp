#include "edge-gateway/program/program.h"

#include "edge-gateway/program/confine.h"
#include "edge-gateway/program/gateway.h"

namespace sp::edge_gateway {
namespace {

Result<pushpull::Prepared> prepare(const std::filesystem::path& path) {
  auto config = TRY(read_config(path));
  pushpull::Prepared out;
  out.host = config.host;
  out.start = [config = std::move(config)](
                  const Clock& clock,
                  Random& random) -> Result<std::unique_ptr<pushpull::RunningEdge>> {
    return TRY(Gateway::start(config, clock, random));
  };
  return out;
}

}  // namespace

pushpull::EdgeProgram program() {
  return {.name = "sallyport-gateway",
          .kind = "gateway",
          .what = "gateway",
          .config = "/etc/sallyport/gateway.toml",
          .page = "/s",
          .prepare = prepare,
          .enter_sandbox = confine,
          .standing = standing};
}

}  // namespace sp::edge_gateway
