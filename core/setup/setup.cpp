#include "core/setup/setup.h"

#include <cstdio>

#include "base/config/files.h"
#include "base/setup/certificate.h"
#include "base/setup/programs.h"
#include "base/setup/started.h"
#include "core/program/say.h"
#include "core/setup/steps.h"

namespace sp::core {
namespace {

constexpr auto drop_in = "/etc/systemd/system/sallyport-core.service.d/port.conf";

void show(const Answers& answers, const std::filesystem::path& config) {
  const auto& standing = answers.standing;
  std::printf(
      "What stands in %s:\n  site         %s\n  listens on   %s\n  certificate  %s\n"
      "  database     %s\n",
      config.c_str(), standing.url.c_str(), standing.listen.c_str(), standing.certificate.c_str(),
      standing.database.starts_with("sqlite:") ? standing.database.c_str() : "PostgreSQL");
}

// True when it changed. It holds no secret: the service's user must be able to read it.
Result<bool> write_configuration(const SetupOptions& options, const Answers& answers, bool there) {
  std::string before;
  if (there) before = bytes::text(TRY(config::read_file(options.config)));
  const auto after = configuration(before, answers.standing);
  if (after == before) return false;
  TRY(config::write_file(options.config, bytes::of(after), 0644));
  return true;
}

Outcome allow_port(const Answers& answers, const std::filesystem::path& config) {
  const auto place = TRY(probe::listener_of(answers.standing.listen));
  const auto text = port_drop_in(place.port);
  if (!setup::has_service_manager() || config.parent_path() != "/etc/sallyport") return {};
  std::error_code ignored;
  if (text.empty()) return std::filesystem::remove(drop_in, ignored), Outcome{};
  std::filesystem::create_directories(std::filesystem::path{drop_in}.parent_path(), ignored);
  return config::write_file(drop_in, bytes::of(text), 0644);
}

Outcome give_password(const SetupOptions& options, const std::string& admin,
                      const Secret& password) {
  if (options.password_out)
    return config::write_file(*options.password_out, password.expose(), 0600);
  std::printf("\nSign in as %s with the one-time password ", admin.c_str());
  std::fwrite(password.expose().data(), 1, password.size(), stdout);
  std::printf("It must be changed at the first sign-in.\n");
  return {};
}

Outcome look(const SetupOptions& options, const Answers& answers, bool changed) {
  const auto site = TRY(probe::place_of(answers.standing.url));
  const setup::Started wish{.what = "site",
                            .service = "sallyport-core",
                            .config = options.config,
                            .folder = answers.data,
                            .listener = TRY(probe::listener_of(answers.standing.listen)),
                            .host = site.host,
                            .path = "/api/v1/openapi.json",
                            .changed = changed,
                            .certificate = answers.standing.certificate,
                            .own_authority =
                                "Browsers will warn until they trust its own authority: the last "
                                "certificate in " +
                                answers.standing.certificate.string() + "."};
  const auto look = TRY(setup::start_and_look(wish));
  std::printf("\n");
  return setup::tell(wish, look);
}

Outcome set_up(const SetupOptions& options) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(options.config, ignored);
  auto questions = TRY(setup::Questions::here(options.non_interactive));
  const auto answers = TRY(ask_all(questions, options, there));
  TRY(setup::make_folder(answers.data));
  TRY(try_database(answers));
  const auto& standing = answers.standing;
  const auto site = TRY(probe::place_of(standing.url));
  TRY(setup::make_certificate(
          {answers.certificate_kind, site.host, standing.certificate.parent_path(),
           standing.certificate.stem().string(), options.certificate_file.value_or(""),
           options.key_file.value_or("")})
          .within("the certificate"));
  const bool changed = TRY(write_configuration(options, answers, there));
  TRY(allow_port(answers, options.config));
  const auto password = TRY(initialise(options, answers));
  TRY(set_mail(options, answers).within("mail"));
  show(answers, options.config);
  if (password) TRY(give_password(options, answers.admin, *password));
  if (!options.no_start)
    TRY(look(options, answers, changed || answers.certificate_kind != setup::keep));
  std::printf("\n%s", firewall_words(standing, answers.mail.host, answers.mail.port).c_str());
  std::printf(
      "\nNext: sign in at %s, and add an edge under Sites. sallyport-core doctor looks "
      "whether all is well.\n",
      standing.url.c_str());
  return {};
}

}  // namespace

int setup(const SetupOptions& options) {
  guard_process();
  const auto outcome = set_up(options);
  std::fflush(stdout);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace sp::core
