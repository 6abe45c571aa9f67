#include "edge-selfdestruct/doctor/doctor.h"

#include "edge-selfdestruct/program/config.h"

namespace sp::edge_selfdestruct {

pushpull::Doctor doctor() {
  return {.page = "/m/AAAAAAAAAAAAAAAAAAAAAA",
          .mend_settings = "mend it, or run: sallyport-selfdestruct setup",
          .before_a_kit = "It shows nothing before.",
          .take_kit = "make a kit at the core and run: setup --kit KIT",
          .examine = [](const std::filesystem::path& path) -> Result<pushpull::Doctor::Examined> {
            return pushpull::Doctor::Examined{TRY(read_config(path)).host, {}};
          }};
}

}  // namespace sp::edge_selfdestruct
