#include "base/setup/started.h"

#include <fmt/format.h>

#include <thread>

#include "base/setup/certificate.h"
#include "base/setup/programs.h"

namespace sp::setup {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds patience_for_start{60};
constexpr std::chrono::seconds patience_for_answer{10};
constexpr std::chrono::milliseconds pause{50};

Result<probe::Seen> look(const Started& wish) {
  return probe::open_site(probe::from_here(wish.listener), wish.host, wish.path,
                          patience_for_answer);
}

// Until it answers, `goes_on` says no, or the time is over.
template <class GoesOn>
Result<probe::Seen> look_until(const Started& wish, GoesOn goes_on) {
  const auto until = Steady::now() + patience_for_start;
  while (true) {
    auto seen = look(wish);
    if (seen || Steady::now() > until || !goes_on()) return seen;
    std::this_thread::sleep_for(pause);
  }
}

bool is_a_service(const Started& wish) {
  return has_service_manager() && wish.config.parent_path() == "/etc/sallyport";
}

Result<Look> through_service_manager(const Started& wish) {
  TRY(run({"systemctl", "daemon-reload"}));
  const auto enabled = TRY(run({"systemctl", "enable", wish.service}));
  const auto begun = TRY(run({"systemctl", "restart", wish.service}));
  if (enabled.status != 0 || begun.status != 0)
    return Error{Code::unavailable,
                 "the service does not start; see: journalctl -u " + wish.service};
  auto seen = look_until(wish, [] { return true; });
  if (!seen)
    return std::move(seen.error()).within("the service; see: journalctl -u " + wish.service);
  return Look{How::service, std::move(*seen)};
}

Result<Look> for_a_look(const Started& wish) {
  auto running = TRY(Background::start(as_owner_of(
      wish.folder, {myself(), "serve", "--config", std::filesystem::absolute(wish.config)})));
  auto seen = look_until(wish, [&] { return running.running(); });
  if (!seen) {
    const auto said = running.said();
    return Error{Code::unavailable,
                 seen.error().detail() + (said.empty() ? "" : "; it said:\n" + said)};
  }
  return Look{How::for_look, std::move(*seen)};
}

Result<Look> started(const Started& wish) {
  if (is_a_service(wish) && wish.changed) return through_service_manager(wish);
  if (auto seen = look(wish)) return Look{How::running, std::move(*seen)};
  return is_a_service(wish) ? through_service_manager(wish) : for_a_look(wish);
}

}  // namespace

Result<Look> start_and_look(const Started& wish) {
  auto found = TRY(started(wish));
  if (found.seen.status != 200)
    return Error{Code::unavailable, fmt::format("the {} answers with status {}; see its log",
                                                wish.what, found.seen.status)};
  return found;
}

Outcome tell(const Started& wish, const Look& look) {
  fmt::print("The {} answers over {}.\n", wish.what, look.seen.protocol);
  if (look.how == How::for_look)
    fmt::print("It ran for this look alone. Run it with: {} serve --config {}\n", wish.service,
               wish.config.string());
  if (look.how == How::running && wish.changed)
    fmt::print("It runs with what stood before: restart it.\n");
  const auto roots = roots_of(wish.certificate);
  auto judged = probe::trusted(look.seen.chain, wish.host, roots, SystemClock{}.now());
  if (!judged) return std::move(judged.error()).within("its certificate");
  if (!roots.empty()) fmt::print("{}\n", wish.own_authority);
  if (!probe::addresses_of(wish.host))
    fmt::print(
        "The name {} has no address yet: add it to your DNS, with the address of this machine.\n",
        wish.host);
  return {};
}

}  // namespace sp::setup
