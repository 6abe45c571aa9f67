#include "base/commandline/app.h"
#include "base/commandline/describe.h"
#include "core/backup/backup.h"
#include "core/backup/mails.h"
#include "core/doctor/doctor.h"
#include "core/program/commands.h"
#include "core/program/link_authority.h"
#include "core/program/wiping_heap.h"
#include "core/setup/setup.h"

namespace core = sp::core;

int main(int argc, char** argv) {
  core::wipe_what_is_freed();
  sp::commandline::App app{"Sallyport core: the vault, its web site and its API"};
  app.set_version_flag("--version", SALLYPORT_VERSION);
  app.require_subcommand(1);
  int code = 0;
  std::string config = "/etc/sallyport/core.toml";
  const auto with_config = [&](sp::commandline::App* command) {
    command->add_option("--config", config, "configuration file")->capture_default_str();
    return command;
  };

  with_config(app.add_subcommand("serve", "run the core until it is told to stop"))->callback([&] {
    code = core::serve(config);
  });

  core::Init init;
  std::string password_out;
  auto* make =
      with_config(app.add_subcommand("init", "make keys, database and the first administrator"));
  make->add_option("--admin", init.admin, "sign-in name of the first administrator")->required();
  make->add_option("--password-out", password_out,
                   "file for the one-time password; else it is printed");
  make->add_flag("--if-needed", init.if_needed, "no error when it was done before");
  make->callback([&] {
    init.config = config;
    init.password_out = password_out;
    code = core::init(init);
  });

  bool json = false;
  auto* audit = app.add_subcommand("audit", "the audit trail");
  audit->require_subcommand(1);
  auto* verify =
      with_config(audit->add_subcommand("verify", "find changed, removed and reordered events"));
  verify->add_flag("--json", json, "for programs");
  verify->callback([&] { code = core::verify_audit(config, json); });

  core::MakeToken token;
  std::string out;
  auto* issue = with_config(app.add_subcommand("token", "make an API token"));
  issue->add_option("--user", token.user, "sign-in name of its owner")->required();
  issue->add_option("--name", token.name, "what it is for")->required();
  issue->add_option("--scope", token.scope, "admin, sessions:use, messages:write or messages:read")
      ->required();
  issue->add_option("--out", out, "file for the token; else it is printed");
  issue->callback([&] {
    token.config = config;
    token.out = out;
    code = core::make_token(token);
  });

  core::add_doctor(app, [&](int given) { code = given; });
  sp::backup::add_backup(app, [&](int given) { code = given; });
  sp::backup::add_mails(app, [&](int given) { code = given; });
  core::add_link_authority(app, [&](int given) { code = given; });
  core::add_setup(app, [&](int given) { code = given; });
  sp::commandline::add_descriptions(
      app, {"sallyport-core",
            {{"/etc/sallyport/core.toml", "the configuration"},
             {"/var/lib/sallyport-core", "database, keys and certificates"}},
            {"sallyport-core setup", "sallyport-core doctor"}});
  if (const auto ended = app.parse(argc, argv)) return ended->print();
  return code;
}
