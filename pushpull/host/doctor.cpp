#include "pushpull/host/doctor.h"

#include <cstdio>
#include <memory>

#include "base/commandline/app.h"
#include "base/findings/machine.h"
#include "base/probe/probe.h"
#include "pushpull/ordering/identity.h"

namespace sp::pushpull {
namespace {

using findings::bad;
using findings::Finding;
using findings::Findings;
using findings::good;
using findings::note;

constexpr std::chrono::seconds patience{3};

struct KeyPairFiles {
  std::filesystem::path certificate, key;
};

struct Given {
  EdgeProgram program;
  Doctor doctor;
  std::function<void(int)> done;
  std::string config;
  /// `host:port` of the core, for this look alone: it is kept nowhere. The edge must not reach it.
  std::string core;
  bool json = false;
};

// Promise 1, seen from here: an open way inside is a hole in the firewall.
Finding nothing_inside_is_reached(const std::string& core) {
  if (core.empty())
    return note("way inside", "Nobody looked whether this machine reaches the core.",
                "No edge may reach the inside.", "run: doctor --core HOST:PORT");
  const auto place = probe::listener_of(core);
  if (!place) return bad("way inside", core + " " + place.error().detail() + ".", "", "");
  const auto reached = probe::reach(*place, patience);
  if (!reached) return good("way inside", "This machine does not reach " + core + ".");
  return bad("way inside", "This machine can open a connection to " + core + ".",
             "Whoever breaks in here is one step further.",
             "deny every connection from this machine to the inside in the firewall");
}

Finding enrolment(const HostConfig& config, const Given& given) {
  std::error_code ignored;
  const auto key = link_key_of(config);
  if (std::filesystem::exists(key, ignored))
    return findings::secret_file("enrolment", key, config.directory);
  return note("enrolment", "This edge has no kit yet, or this user may not look.",
              given.doctor.before_a_kit,
              "make a kit at the core and run: " + given.program.name + " setup --kit KIT");
}

// What the intake shows: the identity that came over the link, else what the configuration names.
KeyPairFiles intake_files(const HostConfig& config) {
  const auto own = Identity::versions_of(config.directory);
  if (own.any()) return {own.chain(), own.key()};
  return {config.intake.certificate, config.intake.key};
}

Findings both_listeners(const HostConfig& config, const Given& given) {
  const auto place = probe::place_of(config.public_url);
  const auto host = place ? place->host : "";
  const auto& open = config.public_side;
  const auto intake = intake_files(config);
  const auto& service = given.program.name;
  const auto now = SystemClock{}.now();
  Findings out;
  for (const auto& one :
       {findings::Listener{given.program.what, open.listen, host, given.program.page,
                           open.certificate, open.key, service, true},
        findings::Listener{"intake", config.intake.listen, host, "/healthz", intake.certificate,
                           intake.key, service, false}}) {
    const auto found = findings::listener(one, now);
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

Findings look(const Given& given) {
  const auto& [program, doctor, done, path, core, json] = given;
  const auto examined = doctor.examine(path);
  if (!examined)
    return {bad("configuration", examined.error().detail() + ".",
                "The " + program.what + " does not start.",
                "mend it, or run: " + program.name + " setup")};
  const auto& config = examined->host;
  const auto& key = config.public_side.key;
  const auto intake_key = intake_files(config).key;
  Findings out{
      good("version", program.name + " " SALLYPORT_VERSION ", configured in " + path + "."),
      findings::name_of(config.public_url)};
  const auto listeners = both_listeners(config, given);
  out.insert(out.end(), listeners.begin(), listeners.end());
  out.push_back(findings::secret_file(program.what + " key", key, key.parent_path()));
  out.push_back(findings::secret_file("intake key", intake_key, intake_key.parent_path()));
  out.push_back(enrolment(config, given));
  out.insert(out.end(), examined->own.begin(), examined->own.end());
  out.push_back(findings::clock());
  out.push_back(findings::disk(config.directory));
  out.push_back(nothing_inside_is_reached(core));
  return out;
}

int tell(const Given& given) {
  const auto found = look(given);
  const auto told = given.json ? findings::json(found) + "\n" : findings::text(found);
  std::printf("%s", told.c_str());
  return findings::exit_code(found);
}

}  // namespace

void add_doctor(commandline::App& app, const EdgeProgram& program, Doctor doctor,
                std::function<void(int)> done) {
  const auto given = std::make_shared<Given>(
      Given{program, std::move(doctor), std::move(done), program.config, "", false});
  auto* command = app.add_subcommand(
      "doctor", "find what is wrong with this " + program.what + ", and what to do");
  command->add_option("--config", given->config, "configuration file")->capture_default_str();
  command->add_option("--core", given->core,
                      "host:port of the core, to see that this machine does not reach it");
  command->add_flag("--json", given->json, "for programs");
  command->callback([given] { given->done(tell(*given)); });
}

}  // namespace sp::pushpull
