#include "edge-selfdestruct/doctor/doctor.h"

#include "edge-selfdestruct/program/config.h"

namespace sp::edge_selfdestruct {

pushpull::Doctor doctor() {
  return {.before_a_kit = "It shows nothing before.",
          .examine = [](const std::filesystem::path& path) -> Result<pushpull::Doctor::Examined> {
            return pushpull::Doctor::Examined{TRY(read_config(path)).host, {}};
          }};
}

}  // namespace sp::edge_selfdestruct
