#include "pushpull/setup/setup.h"

#include <fmt/format.h>

#include "base/probe/probe.h"
#include "base/setup/certificate.h"
#include "base/setup/programs.h"
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

Outcome look(const Task& task, const Answers& answers, bool changed) {
  const auto& standing = answers.after;
  const auto site = TRY(probe::place_of(standing.url));
  const setup::Started wish{.what = task.program.what,
                            .service = task.program.name,
                            .config = task.options.config,
                            .folder = answers.folder,
                            .listener = TRY(probe::listener_of(standing.listen)),
                            .host = site.host,
                            .path = task.program.page,
                            .changed = changed,
                            .certificate = standing.certificate,
                            .own_authority = task.setup.own_authority};
  return setup::tell(wish, TRY(setup::start_and_look(wish)));
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
  auto questions = TRY(setup::Questions::here(options.non_interactive));
  const auto answers = TRY(ask_all(questions, task));
  TRY(setup::make_folder(answers.folder));
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
