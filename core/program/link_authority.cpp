#include "core/program/link_authority.h"

#include <cstdio>
#include <memory>

#include "base/commandline/app.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::core {
namespace {

struct LinkAuthority {
  std::string config = "/etc/sallyport/core.toml";
  bool rotate = false, back = false, json = false;
};

Result<identities::State> look(const LinkAuthority& options) {
  OsRandom random;
  SystemClock clock;
  const auto config = TRY(read_config(options.config));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  auto& core = foundation->core();
  const identities::Context context{core.store, core.keyring, core.audit, clock, random};
  if (options.rotate) TRY(identities::begin_rotation(context));
  if (options.back) TRY(identities::roll_back(context));
  return identities::state(core.store);
}

std::string authority_of(const identities::Standing& edge) {
  if (!edge.authority) return "none yet: its certificate is the one of its enrolment";
  return "of authority " + std::to_string(*edge.authority) + ", until " + rfc3339(*edge.until);
}

void show(const identities::State& state) {
  for (const auto number : state.authorities)
    std::printf("authority %lld %s\n", static_cast<long long>(number),
                number == state.authorities.back() ? "signs" : "is trusted until no edge needs it");
  for (const auto& edge : state.edges)
    std::printf("edge %s: %s\n", edge.name.c_str(), authority_of(edge).c_str());
  if (!state.is_rotating()) return;
  for (const auto& name : state.unconfirmed()) std::printf("waits for %s\n", name.c_str());
}

void say_what_comes(const LinkAuthority& options, const identities::State& state) {
  if (state.authorities.empty())
    std::fprintf(stderr, "sallyport-core: the core makes the authority when it runs\n");
  if (!options.rotate && !options.back) return;
  std::fprintf(stderr,
               "sallyport-core: the running core asks every edge for a new identity within a "
               "minute; authority %lld goes when all have confirmed\n",
               static_cast<long long>(state.authorities.front()));
}

int work(const LinkAuthority& options) {
  guard_process();
  const auto state = look(options);
  if (!state) return fail(state.error());
  if (options.json)
    std::printf("%s\n", link_authority_json(*state).c_str());
  else
    show(*state);
  say_what_comes(options, *state);
  return 0;
}

}  // namespace

void add_link_authority(commandline::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<LinkAuthority>();
  auto* command =
      app.add_subcommand("link-authority", "who signs the identities that edges show to this core");
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  auto* rotate = command->add_flag(
      "--rotate", options->rotate,
      "make the next one: edges get identities of it, and the old one goes when all have");
  command
      ->add_flag("--back", options->back,
                 "turn a rotation back: the old one stays, and the new one goes")
      ->excludes(rotate);
  command->add_flag("--json", options->json, "for programs");
  command->callback([options, done = std::move(done)] { done(work(*options)); });
}

}  // namespace sp::core
