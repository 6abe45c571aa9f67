#include <memory>

#include "base/commandline/app.h"
#include "core/setup/setup.h"

namespace sp::core {

void add_setup(commandline::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<SetupOptions>();
  auto* command = app.add_subcommand(
      "setup", "set up this core: asks on the terminal, or takes every answer as an option");
  const auto answer = [&](const char* name, std::optional<std::string>& to, const char* what) {
    command->add_option(name, to, what);
  };
  options->config = "/etc/sallyport/core.toml";
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  command->add_flag("--non-interactive", options->non_interactive,
                    "ask nothing: options, what stands, and defaults answer");
  command->add_flag("--no-start", options->no_start, "do not start it and do not look at it");
  answer("--data", options->data, "folder of database, keys and certificates");
  answer("--url", options->url, "address of the site, as users type it");
  answer("--listen", options->listen, "address and port to listen on");
  answer("--web-root", options->web_root, "folder of the web site's files");
  answer("--certificate", options->certificate, "self-signed, internal-ca, files or keep");
  answer("--certificate-file", options->certificate_file, "chain, PEM, for --certificate files");
  answer("--key-file", options->key_file, "key, PEM, for --certificate files");
  answer("--database", options->database, "sqlite:PATH or postgresql://user@host/name");
  answer("--admin", options->admin, "sign-in name of the first administrator");
  answer("--password-out", options->password_out,
         "file for his one-time password; else it is printed");
  answer("--mail-host", options->mail_host, "mail server; empty for no mail");
  answer("--mail-port", options->mail_port, "its port");
  answer("--mail-security", options->mail_security, "none, starttls or tls");
  answer("--mail-from", options->mail_from, "address that mails come from");
  answer("--mail-username", options->mail_username, "user at the mail server; empty for none");
  answer("--mail-password-file", options->mail_password_file, "file with that user's password");
  command->callback([options, done = std::move(done)] { done(setup(*options)); });
}

}  // namespace sp::core
