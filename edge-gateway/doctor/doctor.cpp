#include "edge-gateway/doctor/doctor.h"

#include "edge-gateway/program/config.h"

namespace sp::edge_gateway {
namespace {

using findings::Finding;

Finding policy(const Config& config) {
  if (!config.policy.networks.empty())
    return findings::good("policy",
                          "Networks named: " + std::to_string(config.policy.networks.size()) +
                              ". They may be dialled, and no other.");
  return findings::note("policy",
                        "No network is named: all may be dialled that are not struck out.",
                        "Then tickets alone decide where this gateway goes.",
                        "name the networks of this site: [policy] networks");
}

}  // namespace

pushpull::Doctor doctor() {
  return {.before_a_kit = "It takes no ticket before.",
          .examine = [](const std::filesystem::path& path) -> Result<pushpull::Doctor::Examined> {
            const auto config = TRY(read_config(path));
            return pushpull::Doctor::Examined{config.host, {policy(config)}};
          }};
}

}  // namespace sp::edge_gateway
