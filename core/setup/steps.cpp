#include "core/setup/steps.h"

#include <charconv>

#include "base/config/files.h"
#include "base/setup/certificate.h"
#include "base/setup/programs.h"
#include "base/setup/which_certificate.h"
#include "core/access/access.h"
#include "core/program/commands.h"
#include "core/program/foundation.h"

namespace sp::core {
namespace {

constexpr auto packaged_config = "/etc/sallyport/core.toml";
constexpr auto packaged_data = "/var/lib/sallyport-core";
constexpr auto packaged_web_root = "/usr/share/sallyport/web";

Outcome is_database(const std::string& answer) {
  if (answer.starts_with("sqlite:") && answer.size() > 7) return {};
  if (answer.starts_with("postgresql://")) return {};
  return Error{Code::invalid_input, "must begin with sqlite: or postgresql://"};
}
Outcome is_login(const std::string& answer) {
  const auto login = people::canonical_login(answer);
  if (!login) return login.error();
  return {};
}

std::filesystem::path data_of(const SetupOptions& options) {
  if (options.data) return *options.data;
  if (options.config == packaged_config) return packaged_data;
  return std::filesystem::absolute(options.config).parent_path();
}

// What the file says; what a new core has where there is none.
Result<Standing> standing_of(const SetupOptions& options, const std::filesystem::path& data,
                             bool there) {
  Standing out;
  if (there) {
    const auto config = TRY(read_config(options.config));
    const auto& address = config.server.address;
    const bool six = address.find(':') != std::string::npos;
    out = {config.site_url,
           (six ? "[" + address + "]" : address) + ":" + std::to_string(config.server.port),
           config.certificate,
           config.key,
           config.root_key,
           config.server.web_root.value_or(""),
           config.database_url};
    return out;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(packaged_web_root, ignored)) out.web_root = packaged_web_root;
  out.url = default_url(setup::host_name());
  out.certificate = data / "site.crt";
  out.key = data / "site.key";
  out.root_key = data / "root.key";
  out.database = "sqlite:" + (data / "core.sqlite").string();
  return out;
}

std::string default_listen(const std::string& url) {
  const auto place = probe::place_of(url);
  return "0.0.0.0:" + std::to_string(place ? place->port : 8443);
}

Result<MailAnswers> ask_mail(setup::Questions& questions, const SetupOptions& options, bool there) {
  MailAnswers out;
  out.asked = options.mail_host || (questions.interactive() && !there);
  if (!out.asked) return out;
  out.host = TRY(questions.ask({"--mail-host", "Mail server (empty: no mail)", "", {}, {}},
                               options.mail_host));
  if (out.host.empty()) return out;
  out.security = TRY(questions.ask({"--mail-security",
                                    "Security of the connection",
                                    "starttls",
                                    {"none", "starttls", "tls"},
                                    {}},
                                   options.mail_security));
  const auto usual = out.security == "tls" ? "465" : out.security == "none" ? "25" : "587";
  out.port = TRY(questions.ask({"--mail-port", "Port", usual, {}, {}}, options.mail_port));
  out.from = TRY(questions.ask(
      {"--mail-from", "Address that mails come from", "sallyport@" + setup::host_name(), {}, {}},
      options.mail_from));
  out.username =
      TRY(questions.ask({"--mail-username", "User at the mail server (empty: none)", "", {}, {}},
                        options.mail_username));
  if (!out.username.empty())
    out.password_file =
        TRY(questions.ask({"--mail-password-file", "File with that user's password", "", {}, {}},
                          options.mail_password_file));
  return out;
}

}  // namespace

Result<Answers> ask_all(setup::Questions& questions, const SetupOptions& options, bool there) {
  Answers out;
  out.data = std::filesystem::absolute(data_of(options));
  auto& standing = out.standing;
  standing = TRY(standing_of(options, out.data, there));
  standing.url = TRY(questions.ask(
      {"--url", "Address of the site, as users type it", standing.url, {}, setup::is_url},
      options.url));
  if (standing.listen.empty()) standing.listen = default_listen(standing.url);
  standing.listen = TRY(questions.ask(
      {"--listen", "Address and port to listen on", standing.listen, {}, setup::is_listener},
      options.listen));
  if (options.web_root) standing.web_root = *options.web_root;
  out.certificate_kind =
      TRY(setup::certificate_kind(questions, standing.certificate, options.certificate));
  standing.database = TRY(questions.ask({"--database",
                                         "Database, sqlite:PATH or postgresql://user@host/name",
                                         standing.database,
                                         {},
                                         is_database},
                                        options.database));
  if (!there)
    out.admin = TRY(
        questions.ask({"--admin", "Sign-in name of the first administrator", "admin", {}, is_login},
                      options.admin));
  out.mail = TRY(ask_mail(questions, options, there));
  return out;
}

Outcome try_database(const Answers& answers) {
  const auto owner = TRY(setup::AsOwner::of(answers.data));
  const auto opened = store::Store::open({.url = answers.standing.database, .connections = 1});
  if (!opened)
    return Error{opened.error().code(),
                 "the database does not answer (" + opened.error().detail() +
                     "); make it, let this machine and the service's user in, and try again"};
  return (*opened)->ping();
}

Result<std::optional<Secret>> initialise(const SetupOptions& options, const Answers& answers) {
  const auto owner = TRY(setup::AsOwner::of(answers.data));
  const auto file = answers.data / ".first-password";
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  const auto admin = answers.admin.empty() ? options.admin.value_or("admin") : answers.admin;
  const int code = init({options.config, admin, file, true});
  if (code != 0) return Error{Code::internal, "the keys and the database could not be made"};
  if (!std::filesystem::exists(file, ignored)) return std::optional<Secret>{};
  auto password = config::read_secret_file(file);
  std::filesystem::remove(file, ignored);
  if (!password) return password.error();
  return std::optional<Secret>{std::move(*password)};
}

Outcome set_mail(const SetupOptions& options, const Answers& answers) {
  if (!answers.mail.asked) return {};
  settings::PasswordChange password{settings::PasswordChange::What::forget, {}};
  if (!answers.mail.password_file.empty()) {
    auto text = TRY(config::read_secret_file(answers.mail.password_file));
    auto view = text.expose();
    while (!view.empty() && (view.back() == std::byte{'\n'} || view.back() == std::byte{'\r'}))
      view = view.first(view.size() - 1);
    password = {settings::PasswordChange::What::set, Secret::copy_of(view)};
  }
  const auto owner = TRY(setup::AsOwner::of(answers.data));
  OsRandom random;
  SystemClock clock;
  const auto config = TRY(read_config(options.config));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  auto& settings = foundation->core().settings;
  auto values = TRY(settings.current());
  values.mail.host = answers.mail.host;
  values.mail.from = answers.mail.from;
  values.mail.username = answers.mail.username;
  const auto& port = answers.mail.port;
  if (!port.empty() &&
      std::from_chars(port.data(), port.data() + port.size(), values.mail.port).ptr !=
          port.data() + port.size())
    return Error{Code::invalid_input, "--mail-port must be a number"};
  for (const auto one : {settings::MailSecurity::none, settings::MailSecurity::starttls,
                         settings::MailSecurity::tls})
    if (settings::name(one) == answers.mail.security) values.mail.security = one;
  const auto wrong = settings::check(values);
  if (!wrong.empty())
    return Error{Code::invalid_input, "--" + wrong.front().field + " " + wrong.front().detail};
  const auto actor = access::system_actor();
  const auto permit = TRY(access::authorise(actor, access::Action::settings_write));
  const auto replaced = settings.replace(permit, values, std::move(password));
  if (!replaced) return replaced.error();
  return {};
}

}  // namespace sp::core
