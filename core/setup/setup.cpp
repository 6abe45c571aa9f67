#include "core/setup/setup.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

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

// The folder of a package is there and belongs to the service's user; another is made as it is
// asked for, by whoever asks.
Outcome make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  if (std::filesystem::is_directory(folder, failure)) return {};
  std::filesystem::create_directories(folder, failure);
  if (failure)
    return Error{Code::unavailable, "cannot make the folder " + folder.string() +
                                        "; run this as root, or say --data FOLDER"};
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failure);
  return {};
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
  const setup::Started wish{.service = "sallyport-core",
                            .config = options.config,
                            .folder = answers.data,
                            .listener = TRY(probe::listener_of(answers.standing.listen)),
                            .host = site.host,
                            .path = "/api/v1/openapi.json",
                            .changed = changed};
  const auto look = TRY(setup::start_and_look(wish));
  if (look.seen.status != 200)
    return Error{Code::unavailable, "the site answers with status " +
                                        std::to_string(look.seen.status) + "; see its log"};
  std::printf("\nThe site answers over %s.\n", look.seen.protocol.c_str());
  if (look.how == setup::How::for_look)
    std::printf("It ran for this look alone. Run it with: sallyport-core serve --config %s\n",
                options.config.c_str());
  if (look.how == setup::How::running && changed)
    std::printf("It runs with what stood before: restart it.\n");
  const auto roots = setup::roots_of(answers.standing.certificate);
  auto judged = probe::trusted(look.seen.chain, site.host, roots, SystemClock{}.now());
  if (!judged) return std::move(judged.error()).within("its certificate");
  if (!roots.empty())
    std::printf(
        "Browsers will warn until they trust its own authority: the last certificate in "
        "%s.\n",
        answers.standing.certificate.c_str());
  if (!probe::addresses_of(site.host))
    std::printf(
        "The name %s has no address yet: add it to your DNS, with the address of this "
        "machine.\n",
        site.host.c_str());
  return {};
}

Outcome set_up(const SetupOptions& options) {
  std::error_code ignored;
  const bool there = std::filesystem::exists(options.config, ignored);
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && !options.non_interactive;
  if (!terminal && !options.non_interactive)
    return Error{Code::invalid_input,
                 "there is no terminal to ask on; say --non-interactive and answer by options"};
  setup::Questions questions{terminal, std::cin, std::cout};
  const auto answers = TRY(ask_all(questions, options, there));
  TRY(make_folder(answers.data));
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
