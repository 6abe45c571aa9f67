#include <memory>

#include "base/commandline/app.h"
#include "core/backup/backup.h"

namespace sp::backup {
namespace {

constexpr auto packaged_config = "/etc/sallyport/core.toml";
constexpr auto passphrase_words = "file with the passphrase, of at least 12 characters";

void add_verify(commandline::App& backup, const std::function<void(int)>& done) {
  const auto options = std::make_shared<VerifyOptions>();
  auto* command = backup.add_subcommand("verify", "open a backup and look whether it is whole");
  command->add_option("file", options->file, "the backup")->required();
  command->add_option("--passphrase-file", options->passphrase_file, passphrase_words)->required();
  command->callback([options, done] { done(verify(*options)); });
}

void add_restore(commandline::App& app, const std::function<void(int)>& done) {
  const auto options = std::make_shared<RestoreOptions>();
  options->config = packaged_config;
  auto* command = app.add_subcommand("restore", "bring a backup back; the core must not run");
  command->add_option("file", options->file, "the backup")->required();
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  command->add_option("--passphrase-file", options->passphrase_file, passphrase_words)->required();
  command->add_flag("--replace", options->replace,
                    "put it in place of a site that stands; that one is kept beside it");
  command->callback([options, done] { done(restore(*options)); });
}

}  // namespace

void add_backup(commandline::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<BackupOptions>();
  options->config = packaged_config;
  auto* command = app.add_subcommand("backup", "write an encrypted backup while the core runs");
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  auto* out = command->add_option("--out", options->out, "the backup's file");
  auto* passphrase =
      command->add_option("--passphrase-file", options->passphrase_file, passphrase_words);
  auto* before = command->add_flag("--before-upgrade", options->before_upgrade,
                                   "as the package does: into the folder backups beside the "
                                   "keys, with a passphrase made there");
  before->excludes(out)->excludes(passphrase);
  add_verify(*command, done);
  add_restore(app, done);
  command->require_subcommand(0, 1);
  command->callback([options, command, done] {
    if (!command->got_subcommand()) done(make(*options));
  });
}

}  // namespace sp::backup
