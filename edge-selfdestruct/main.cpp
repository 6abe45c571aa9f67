#include <CLI/CLI.hpp>

#include "base/commandline/describe.h"
#include "edge-selfdestruct/doctor/doctor.h"
#include "edge-selfdestruct/program/program.h"
#include "edge-selfdestruct/setup/setup.h"

namespace edge = sp::edge_selfdestruct;
namespace pushpull = sp::pushpull;

int main(int argc, char** argv) {
  CLI::App app{"Sallyport self-destruct messages: the recipient's portal"};
  app.set_version_flag("--version", SALLYPORT_VERSION);
  app.require_subcommand(1);
  std::string config = "/etc/sallyport/selfdestruct.toml";
  std::string kit;
  int code = 0;
  const auto program = edge::program();

  auto* serve = app.add_subcommand("serve", "run the portal until it is told to stop");
  serve->add_option("--config", config, "configuration file")->capture_default_str();
  serve->callback([&] { code = pushpull::serve(program, config); });

  auto* enrol = app.add_subcommand("enrol", "take the kit that the core made for this edge");
  enrol->add_option("kit", kit, "the kit's file")->required();
  enrol->add_option("--config", config, "configuration file")->capture_default_str();
  enrol->callback([&] { code = pushpull::enrol(program, kit, config); });

  auto* status = app.add_subcommand("status", "say how the edge stands");
  status->add_option("--config", config, "configuration file")->capture_default_str();
  status->callback([&] { code = pushpull::status(program, config); });

  edge::add_doctor(app, [&](int given) { code = given; });
  edge::add_setup(app, [&](int given) { code = given; });
  sp::commandline::add_descriptions(
      app, {"sallyport-selfdestruct",
            {{"/etc/sallyport/selfdestruct.toml", "the configuration"},
             {"/var/lib/sallyport-selfdestruct", "messages, keys and certificates"}},
            {"sallyport-selfdestruct setup", "sallyport-selfdestruct doctor"}});
  CLI11_PARSE(app, argc, argv);
  return code;
}
