#include "pushpull/host/commands.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <memory>

#include "base/commandline/app.h"
#include "base/config/files.h"
#include "pushpull/inbox/inbox.h"

namespace sp::pushpull {
namespace {

std::string hint(const EdgeProgram& program, const Error& error) {
  switch (error.code()) {
    case Code::conflict:
      return "is another " + program.name + " running on this data directory or this port?";
    case Code::forbidden:
      return "check who owns the file and that nobody else may read it";
    case Code::unavailable:
      return "check that the disk is there, writable and not full, and that the port is free";
    case Code::corrupt:
      return "the file is damaged or of another version; restore it, or start with an empty data "
             "directory and enrol again";
    case Code::not_found:
      return "check the path in the configuration";
    default:
      return "see docs/operations.md";
  }
}

int failed(const EdgeProgram& program, const Error& error) {
  fmt::print(stderr, "{0}: error: {1}\n{0}: hint: {2}\n", program.name, error.detail(),
             hint(program, error));
  return exit_code(error.code());
}

int ended(const EdgeProgram& program, const Outcome& outcome) {
  return outcome ? 0 : failed(program, outcome.error());
}

void allow_many_connections() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &files));
}

// Before the first thread, so that every thread inherits it and `wait_for_end` alone gets them.
sigset_t block_signals() {
  sigset_t set{};
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, number);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  return set;
}

// SIGHUP reads the certificates at once; a changed file is found within `poll`.
void wait_for_end(Host& host, const sigset_t& set, std::chrono::seconds poll) {
  const timespec pause{poll.count(), 0};
  while (true) {
    const int number = ::sigtimedwait(&set, nullptr, &pause);
    if (number == SIGHUP)
      host.reload();
    else if (number > 0)
      return log::info("stopping", {{"signal", number}});
    else
      host.look_for_new_certificates();
  }
}

void tell_ready(const EdgeProgram& program, const Host& host) {
  log::info("ready", {{"public_port", host.public_port()}, {"intake_port", host.intake_port()}});
  if (!host.enrolled())
    log::warning("not_enrolled", {{"hint", "make a kit at the core and run: " + program.name +
                                               " setup --kit KIT"}});
}

Outcome run(const EdgeProgram& program, const std::filesystem::path& path) {
  const auto prepared = TRY(program.prepare(path));
  log::start(program.name, prepared.host.log_level);
  allow_many_connections();
  TRY(program.enter_sandbox());
  const auto set = block_signals();
  OsRandom random;
  const SystemClock clock;
  const auto edge = TRY(prepared.start(clock, random));
  tell_ready(program, edge->host());
  wait_for_end(edge->host(), set, prepared.host.certificate_poll);
  return {};
}

Result<std::string> standing(const EdgeProgram& program, const HostConfig& config) {
  auto db = TRY(sqlite::Database::open(database_of(config), {.create = false}));
  std::error_code ignored;
  const auto state = TRY(read_state(db));
  const auto own = TRY(program.standing(db));
  const auto waiting = TRY(events_waiting(db));
  return fmt::format(
      "enrolled        {}\nserving         {}\n{}items applied   {}\n"
      "events given    {}\nevents waiting  {}\n",
      std::filesystem::exists(link_key_of(config), ignored) ? "yes" : "no",
      state.closed ? "no, waits for a resync" : "yes", own, state.applied, state.last_event,
      waiting);
}

Outcome take_kit(const EdgeProgram& program, const std::filesystem::path& kit,
                 const HostConfig& config) {
  OsRandom random;
  const auto text = TRY(config::read_secret_file(kit));
  std::error_code failure;
  const auto& directory = config.directory;
  if (!std::filesystem::exists(directory)) {
    std::filesystem::create_directories(directory, failure);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure) return Error{Code::unavailable, "cannot make the folder " + directory.string()};
  }
  return pushpull::enrol(directory, text.expose(), program.kind, random, SystemClock{}.now());
}

Outcome enrol_it(const EdgeProgram& program, const std::filesystem::path& kit,
                 const std::filesystem::path& path) {
  const auto prepared = TRY(program.prepare(path));
  TRY(program.enter_sandbox());
  TRY(take_kit(program, kit, prepared.host));
  fmt::print(
      "enrolled; the core can reach this edge now. The kit is worth nothing any more: delete {}\n",
      kit.string());
  return {};
}

Outcome tell(const EdgeProgram& program, const std::filesystem::path& path) {
  const auto prepared = TRY(program.prepare(path));
  fmt::print("{}", TRY(standing(program, prepared.host)));
  return {};
}

}  // namespace

int serve(const EdgeProgram& program, const std::filesystem::path& config) {
  return ended(program, run(program, config));
}

int enrol(const EdgeProgram& program, const std::filesystem::path& kit,
          const std::filesystem::path& config) {
  return ended(program, enrol_it(program, kit, config));
}

int status(const EdgeProgram& program, const std::filesystem::path& config) {
  return ended(program, tell(program, config));
}

void add_commands(commandline::App& app, const EdgeProgram& program,
                  std::function<void(int)> done) {
  struct Given {
    EdgeProgram program;
    std::function<void(int)> done;
    std::string config, kit;
  };
  const auto given = std::make_shared<Given>(Given{program, std::move(done), program.config, ""});
  const auto add = [&](const char* name, const std::string& what) {
    auto* command = app.add_subcommand(name, what);
    command->add_option("--config", given->config, "configuration file")->capture_default_str();
    return command;
  };
  add("serve", "run the " + program.what + " until it is told to stop")->callback([given] {
    given->done(serve(given->program, given->config));
  });
  auto* take = add("enrol", "take the kit that the core made for this edge");
  take->add_option("kit", given->kit, "the kit's file")->required();
  take->callback([given] { given->done(enrol(given->program, given->kit, given->config)); });
  add("status", "say how the edge stands")->callback([given] {
    given->done(status(given->program, given->config));
  });
}

}  // namespace sp::pushpull
