#include "edge-selfdestruct/program/commands.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>

#include "base/config/files.h"
#include "edge-selfdestruct/program/edge.h"
#include "edge-selfdestruct/program/sandbox.h"
#include "pushpull/inbox/inbox.h"

namespace sp::edge_selfdestruct {
namespace {

std::string_view hint(const Error& error) {
  switch (error.code()) {
    case Code::conflict:
      return "is another sallyport-selfdestruct running on this data directory or this port?";
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

int failed(const Error& error) {
  const auto told = hint(error);
  fmt::print(stderr, "sallyport-selfdestruct: error: {}\nsallyport-selfdestruct: hint: {}\n",
             error.detail(), told);
  return exit_code(error.code());
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
void wait_for_end(Edge& edge, const sigset_t& set, std::chrono::seconds poll) {
  const timespec pause{poll.count(), 0};
  while (true) {
    const int number = ::sigtimedwait(&set, nullptr, &pause);
    if (number == SIGHUP)
      edge.reload();
    else if (number > 0)
      return log::info("stopping", {{"signal", number}});
    else
      edge.look_for_new_certificates();
  }
}

void tell_ready(const Edge& edge) {
  log::info("ready", {{"public_port", edge.public_port()}, {"intake_port", edge.intake_port()}});
  if (!edge.enrolled())
    log::warning("not_enrolled",
                 {{"hint", "make a kit at the core and run: sallyport-selfdestruct enrol KIT"}});
}

Outcome run(const Config& config, const sigset_t& set) {
  OsRandom random;
  const SystemClock clock;
  const auto edge = TRY(Edge::start(config, clock, random));
  tell_ready(*edge);
  wait_for_end(*edge, set, config.certificate_poll);
  return {};
}

Result<std::string> standing(const Config& config) {
  const auto& directory = config.store.directory;
  const bool enrolled = std::filesystem::exists(directory + "/link.key");
  auto db = TRY(sqlite::Database::open(directory + "/edge.sqlite", {.create = false}));
  const auto state = TRY(pushpull::read_state(db));
  const auto live = TRY(count_live(db));
  const auto waiting = TRY(pushpull::events_waiting(db));
  return fmt::format(
      "enrolled        {}\nserving         {}\nmessages        {}\nitems applied   {}\n"
      "events given    {}\nevents waiting  {}\n",
      enrolled ? "yes" : "no", state.closed ? "no, waits for a resync" : "yes", live, state.applied,
      state.last_event, waiting);
}

Outcome take_kit(const std::filesystem::path& kit, const Config& config) {
  OsRandom random;
  const auto text = TRY(config::read_secret_file(kit));
  std::error_code failure;
  const auto& directory = config.store.directory;
  if (!std::filesystem::exists(directory)) {
    std::filesystem::create_directories(directory, failure);
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    if (failure) return Error{Code::unavailable, "cannot make the folder " + directory};
  }
  return pushpull::enrol(directory, text.expose(), "selfdestruct", random, SystemClock{}.now());
}

}  // namespace

int serve(const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config) return failed(config.error());
  log::start("sallyport-selfdestruct", config->log_level);
  allow_many_connections();
  if (const auto entered = enter_sandbox(); !entered) return failed(entered.error());
  const auto set = block_signals();
  const auto ran = run(*config, set);
  return ran ? 0 : failed(ran.error());
}

int enrol(const std::filesystem::path& kit, const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config) return failed(config.error());
  if (const auto entered = enter_sandbox(); !entered) return failed(entered.error());
  const auto taken = take_kit(kit, *config);
  if (!taken) return failed(taken.error());
  fmt::print(
      "enrolled; the core can reach this edge now. The kit is worth nothing any more: delete {}\n",
      kit.string());
  return 0;
}

int status(const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config) return failed(config.error());
  const auto text = standing(*config);
  if (!text) return failed(text.error());
  fmt::print("{}", *text);
  return 0;
}

}  // namespace sp::edge_selfdestruct
