#include "pushpull/setup/steps.h"

#include <fmt/format.h>

#include "base/config/files.h"
#include "base/probe/probe.h"
#include "base/setup/certificate.h"
#include "base/setup/programs.h"
#include "base/setup/which_certificate.h"

namespace sp::pushpull {
namespace {

std::filesystem::path folder_of(const Task& task) {
  if (task.options.data) return *task.options.data;
  if (task.options.config == task.program.config) return task.setup.folder;
  return std::filesystem::absolute(task.options.config).parent_path();
}

Standing fresh(const Setup& setup, const std::filesystem::path& folder) {
  Standing out{.url = "https://" + setup::host_name(),
               .listen = "",  // follows the address
               .intake = "0.0.0.0:9443",
               .plain_http = "",
               .certificate = folder / "site.crt",
               .key = folder / "site.key",
               .intake_certificate = folder / "intake.crt",
               .intake_key = folder / "intake.key",
               .data = folder / "data",
               .own = {}};
  for (const auto& list : setup.own) out.own.push_back(list.otherwise);
  return out;
}

Standing standing_of(const Setup::Stands& stands) {
  const auto& outside = stands.host.public_side;
  const auto& inside = stands.host.intake;
  return {.url = stands.host.public_url,
          .listen = outside.listen,
          .intake = inside.listen,
          .plain_http = stands.host.plain_http,
          .certificate = outside.certificate,
          .key = outside.key,
          .intake_certificate = inside.certificate,
          .intake_key = inside.key,
          .data = stands.host.directory,
          .own = stands.own};
}

Result<std::string> text_of(const std::filesystem::path& config) {
  const auto read = TRY(config::read_file(config));
  return std::string{bytes::text(read)};
}

Result<Standing> read_standing(const Task& task, const Answers& answers) {
  if (!answers.there) return fresh(task.setup, answers.folder);
  const auto text = TRY(text_of(task.options.config));
  return standing_of(TRY(task.setup.decode(text, task.options.config)));
}

Outcome ask_listeners(setup::Questions& questions, const Task& task, Standing& out) {
  const auto& options = task.options;
  out.url = TRY(questions.ask({"--url",
                               "Address of the " + task.program.what + ", as browsers show it",
                               out.url,
                               {},
                               setup::is_url},
                              options.url));
  const auto place = TRY(probe::place_of(out.url));
  if (out.listen.empty()) out.listen = "0.0.0.0:" + std::to_string(place.port);
  out.listen = TRY(questions.ask(
      {"--listen", "Address and port for " + task.setup.users, out.listen, {}, setup::is_listener},
      options.listen));
  out.intake = TRY(questions.ask(
      {"--intake", "Address and port for the core", out.intake, {}, setup::is_listener},
      options.intake));
  return {};
}

Outcome ask_own(setup::Questions& questions, const Task& task, Standing& out) {
  for (std::size_t i = 0; i < task.setup.own.size(); ++i) {
    const auto& list = task.setup.own.at(i);
    const auto check = [&](const std::string& answer) -> Outcome {
      TRY(texts_of(answer, list));
      return {};
    };
    const auto answer =
        TRY(questions.ask({list.option, list.question, answer_of(out.own.at(i), list), {}, check},
                          task.options.own.at(i)));
    out.own.at(i) = TRY(texts_of(answer, list));
  }
  return {};
}

}  // namespace

Result<Answers> ask_all(setup::Questions& questions, const Task& task) {
  std::error_code ignored;
  Answers out;
  out.there = std::filesystem::exists(task.options.config, ignored);
  out.folder = std::filesystem::absolute(folder_of(task));
  out.before = out.after = TRY(read_standing(task, out));
  TRY(ask_listeners(questions, task, out.after));
  TRY(ask_own(questions, task, out.after));
  out.certificate_kind =
      TRY(setup::certificate_kind(questions, out.after.certificate, task.options.certificate));
  const bool enrolled = std::filesystem::exists(out.after.data / "link.key", ignored);
  if (!enrolled || task.options.kit)
    out.kit = TRY(
        questions.ask({"--kit", "Kit of the core (empty: later)", "", {}, {}}, task.options.kit));
  return out;
}

Outcome make_certificates(const Task& task, const Answers& answers) {
  const auto& options = task.options;
  const auto& standing = answers.after;
  const auto site = TRY(probe::place_of(standing.url));
  TRY(setup::make_certificate(
          {answers.certificate_kind, site.host, standing.certificate.parent_path(),
           standing.certificate.stem().string(), options.certificate_file.value_or(""),
           options.key_file.value_or("")})
          .within("the certificate"));
  if (std::filesystem::exists(standing.intake_certificate)) return {};
  return setup::make_certificate({setup::self_signed,
                                  site.host,
                                  standing.intake_certificate.parent_path(),
                                  standing.intake_certificate.stem().string(),
                                  {},
                                  {}})
      .within("the intake's certificate");
}

// A file that somebody wrote in a way that `configuration` does not know is left alone.
Result<bool> write_configuration(const Task& task, const Answers& answers) {
  const auto& path = task.options.config;
  const auto text = answers.there ? TRY(text_of(path)) : std::string{};
  const auto changed =
      configuration(text, answers.before, answers.after, task.setup.own, task.program.name);
  if (changed == text) return false;
  const auto read = task.setup.decode(changed, path);
  if (!read || standing_of(*read).own != answers.after.own)
    return Error{Code::invalid_input, path.string() +
                                          " is written in a way that setup cannot "
                                          "change; change it by hand"};
  TRY(config::write_file(path, bytes::of(changed), 0644));
  return true;
}

// The kit is copied to where the service's user may read it, and the copy removed.
Outcome enrol_here(const Task& task, const Answers& answers) {
  if (answers.kit.empty()) return {};
  const auto copy = answers.folder / ".kit";
  const auto kit = TRY(config::read_secret_file(answers.kit).within("--kit"));
  {
    const auto owner = TRY(setup::AsOwner::of(answers.folder));
    TRY(config::write_file(copy, kit.expose(), 0600));
  }
  const auto ran = setup::run(setup::as_owner_of(
      answers.folder, {setup::myself(), "enrol", copy.string(), "--config",
                       std::filesystem::absolute(task.options.config).string()}));
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
  if (!ran) return ran.error();
  if (ran->status != 0) return Error{Code::invalid_input, "the kit was not taken: " + ran->output};
  fmt::print("Enrolled: the core can reach this edge now. Delete the kit {}.\n", answers.kit);
  return {};
}

}  // namespace sp::pushpull
