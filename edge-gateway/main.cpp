#include "base/commandline/app.h"
#include "base/commandline/describe.h"
#include "edge-gateway/doctor/doctor.h"
#include "edge-gateway/program/program.h"
#include "edge-gateway/setup/setup.h"
#include "edge-gateway/ssh/worker.h"

namespace edge = sp::edge_gateway;
namespace pushpull = sp::pushpull;

int main(int argc, char** argv) {
  sp::commandline::App app{
      "Sallyport session gateway: lets a browser into a session with a host of its network"};
  app.set_version_flag("--version", SALLYPORT_VERSION);
  app.require_subcommand(1);
  int code = 0;
  const auto done = [&code](int given) { code = given; };
  pushpull::add_commands(app, edge::program(), done);
  pushpull::add_doctor(app, edge::program(), edge::doctor(), done);
  pushpull::add_setup(app, edge::program(), edge::setup(), done);
  // What `serve` starts for each session; of no use to anybody else.
  app.add_subcommand("worker", "")->hide()->callback([&] { code = edge::run_worker(); });

  sp::commandline::add_descriptions(
      app, {"sallyport-gateway",
            {{"/etc/sallyport/gateway.toml", "the configuration"},
             {"/var/lib/sallyport-gateway", "tickets, recordings, keys and certificates"}},
            {"sallyport-gateway setup", "sallyport-gateway doctor"}});
  if (const auto ended = app.parse(argc, argv)) return ended->print();
  return code;
}
