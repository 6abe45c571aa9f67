#include <CLI/CLI.hpp>

#include "base/commandline/describe.h"
#include "edge-gateway/doctor/doctor.h"
#include "edge-gateway/program/program.h"
#include "edge-gateway/ssh/worker.h"

namespace edge = sp::edge_gateway;
namespace pushpull = sp::pushpull;

int main(int argc, char** argv) {
  CLI::App app{
      "Sallyport session gateway: lets a browser into a session with a host of its network"};
  app.set_version_flag("--version", SALLYPORT_VERSION);
  app.require_subcommand(1);
  std::string config = "/etc/sallyport/gateway.toml";
  std::string kit;
  int code = 0;
  const auto program = edge::program();

  auto* serve = app.add_subcommand("serve", "run the gateway until it is told to stop");
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
  // What `serve` starts for each session; of no use to anybody else.
  app.add_subcommand("worker", "")->group("")->callback([&] { code = edge::run_worker(); });

  sp::commandline::add_descriptions(
      app, {"sallyport-gateway",
            {{"/etc/sallyport/gateway.toml", "the configuration"},
             {"/var/lib/sallyport-gateway", "tickets, recordings, keys and certificates"}},
            {"sallyport-gateway enrol gate.kit", "sallyport-gateway doctor"}});
  CLI11_PARSE(app, argc, argv);
  return code;
}
