#include "pushpull/setup/setup.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "base/probe/probe.h"
#include "base/setup/certificate.h"
#include "base/setup/started.h"
#include "pushpull/setup/steps.h"

namespace sp::pushpull {
namespace {

void show(const Task& task, const Standing& standing) {
  fmt::print("What stands in {}:\n  {:<12} {}\n  {:<12} {}\n  the core     {}\n  certificate  {}\n",
             task.options.config.string(), task.program.what, standing.url, task.setup.users,
             standing.listen, standing.intake, standing.certificate.string());
  for (std::size_t i = 0; i < task.setup.own.size(); ++i) {
    const auto& list = task.setup.own.at(i);
    fmt::print("  {:<12} {}\n", list.key, answer_of(standing.own.at(i), list));
  }
}

void tell_how_it_runs(const Task& task, setup::How how, bool changed) {
  if (how == setup::How::for_look)
    fmt::print("It ran for this look alone. Run it with: {} serve --config {}\n", task.program.name,
               task.options.config.string());
  if (how == setup::How::running && changed)
    fmt::print("It runs with what stood before: restart it.\n");
}

// What those who come will see, and why.
Outcome judge_certificate(const Task& task, const Standing& standing,
                          const std::vector<openssl::Cert>& chain, const std::string& host) {
  const auto roots = setup::roots_of(standing.certificate);
  auto judged = probe::trusted(chain, host, roots, SystemClock{}.now());
  if (!judged) return std::move(judged.error()).within("its certificate");
  if (!roots.empty()) fmt::print("{}\n", task.setup.own_authority);
  if (!probe::addresses_of(host))
    fmt::print(
        "The name {} has no address yet: add it to your DNS, with the address of this machine.\n",
        host);
  return {};
}

Outcome look(const Task& task, const Answers& answers, bool changed) {
  const auto& standing = answers.after;
  const auto site = TRY(probe::place_of(standing.url));
  const setup::Started wish{.service = task.program.name,
                            .config = task.options.config,
                            .folder = answers.folder,
                            .listener = TRY(probe::listener_of(standing.listen)),
                            .host = site.host,
                            .path = task.program.page,
                            .changed = changed};
  const auto look = TRY(setup::start_and_look(wish));
  if (look.seen.status != 200)
    return Error{Code::unavailable, fmt::format("the {} answers with status {}; see its log",
                                                task.program.what, look.seen.status)};
  fmt::print("The {} answers over {}.\n", task.program.what, look.seen.protocol);
  tell_how_it_runs(task, look.how, changed);
  return judge_certificate(task, standing, look.seen.chain, site.host);
}

void tell_what_is_next(const Task& task, const Standing& standing) {
  const auto& setup = task.setup;
  fmt::print("\n{}", firewall_words(standing, setup.from, setup.users, setup.outward(standing)));
  std::error_code ignored;
  if (!std::filesystem::exists(standing.data / "link.key", ignored))
    fmt::print(
        "\nNext: add this edge at the core under Sites, bring its kit here, and run: {} setup "
        "--kit KIT\n",
        task.program.name);
}

Outcome set_up(const Task& task) {
  const auto& options = task.options;
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && !options.non_interactive;
  if (!terminal && !options.non_interactive)
    return Error{Code::invalid_input,
                 "there is no terminal to ask on; say --non-interactive and answer by options"};
  setup::Questions questions{terminal, std::cin, std::cout};
  const auto answers = TRY(ask_all(questions, task));
  TRY(make_folder(answers.folder));
  TRY(make_certificates(task, answers));
  const bool changed = TRY(write_configuration(task, answers));
  show(task, answers.after);
  TRY(enrol_here(task, answers));
  const bool anew = changed || answers.certificate_kind != setup::keep || !answers.kit.empty();
  if (!options.no_start) TRY(look(task, answers, anew));
  tell_what_is_next(task, answers.after);
  return {};
}

}  // namespace

int run_setup(const Task& task) {
  const auto outcome = set_up(task);
  std::fflush(stdout);
  if (outcome) return 0;
  fmt::print(stderr, "{}: error: {}\n", task.program.name, outcome.error().detail());
  return exit_code(outcome.error().code());
}

}  // namespace sp::pushpull
