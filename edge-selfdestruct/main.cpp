#include "base/commandline/app.h"
#include "base/commandline/describe.h"
#include "edge-selfdestruct/doctor/doctor.h"
#include "edge-selfdestruct/program/program.h"
#include "edge-selfdestruct/setup/setup.h"

namespace edge = sp::edge_selfdestruct;
namespace pushpull = sp::pushpull;

int main(int argc, char** argv) {
  sp::commandline::App app{"Sallyport self-destruct messages: the recipient's portal"};
  app.set_version_flag("--version", SALLYPORT_VERSION);
  app.require_subcommand(1);
  int code = 0;
  const auto done = [&code](int given) { code = given; };
  pushpull::add_commands(app, edge::program(), done);
  pushpull::add_doctor(app, edge::program(), edge::doctor(), done);
  pushpull::add_setup(app, edge::program(), edge::setup(), done);
  sp::commandline::add_descriptions(
      app, {"sallyport-selfdestruct",
            {{"/etc/sallyport/selfdestruct.toml", "the configuration"},
             {"/var/lib/sallyport-selfdestruct", "messages, keys and certificates"}},
            {"sallyport-selfdestruct setup", "sallyport-selfdestruct doctor"}});
  if (const auto ended = app.parse(argc, argv)) return ended->print();
  return code;
}
