#include "edge-gateway/doctor/doctor.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

#include "base/findings/machine.h"
#include "base/probe/probe.h"
#include "edge-gateway/program/config.h"

namespace sp::edge_gateway {
namespace {

using findings::bad;
using findings::Finding;
using findings::Findings;
using findings::good;
using findings::note;

constexpr std::chrono::seconds patience{3};
constexpr auto service = "sallyport-gateway";

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

Finding enrolment(const Config& config) {
  std::error_code ignored;
  const auto& folder = config.host.directory;
  const auto key = folder / "link.key";
  if (std::filesystem::exists(key, ignored)) return findings::secret_file("enrolment", key, folder);
  return note("enrolment", "This edge has no kit yet, or this user may not look.",
              "It takes no ticket before.",
              "make a kit at the core and run: sallyport-gateway enrol KIT");
}

Finding policy(const Config& config) {
  if (!config.policy.networks.empty())
    return good("policy", "Networks named: " + std::to_string(config.policy.networks.size()) +
                              ". They may be dialled, and no other.");
  return note("policy", "No network is named: all may be dialled that are not struck out.",
              "Then tickets alone decide where this gateway goes.",
              "name the networks of this site: [policy] networks");
}

Findings look(const DoctorOptions& options) {
  const auto config = read_config(options.config);
  if (!config)
    return {bad("configuration", config.error().detail() + ".", "The gateway does not start.",
                "mend it: docs/operations.md")};
  Findings out{good("version", "sallyport-gateway " SALLYPORT_VERSION ", configured in " +
                                   options.config.string() + "."),
               findings::name_of(config->host.public_url)};
  const auto place = probe::place_of(config->host.public_url);
  const auto host = place ? place->host : "";
  const auto& open = config->host.public_side;
  const auto& intake = config->host.intake;
  const auto now = SystemClock{}.now();
  for (const auto& one : {findings::Listener{"gateway", open.listen, host, "/s", open.certificate,
                                             open.key, service, true},
                          findings::Listener{"intake", intake.listen, host, "/healthz",
                                             intake.certificate, intake.key, service, false}}) {
    const auto found = findings::listener(one, now);
    out.insert(out.end(), found.begin(), found.end());
  }
  out.push_back(findings::secret_file("gateway key", open.key, open.key.parent_path()));
  out.push_back(findings::secret_file("intake key", intake.key, intake.key.parent_path()));
  out.push_back(enrolment(*config));
  out.push_back(policy(*config));
  out.push_back(findings::clock());
  out.push_back(findings::disk(config->host.directory));
  out.push_back(nothing_inside_is_reached(options.core));
  return out;
}

}  // namespace

int doctor(const DoctorOptions& options) {
  const auto found = look(options);
  const auto told = options.json ? findings::json(found) + "\n" : findings::text(found);
  std::printf("%s", told.c_str());
  return findings::exit_code(found);
}

void add_doctor(CLI::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<DoctorOptions>();
  auto* command =
      app.add_subcommand("doctor", "find what is wrong with this gateway, and what to do");
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  command->add_option("--core", options->core,
                      "host:port of the core, to see that this machine does not reach it");
  command->add_flag("--json", options->json, "for programs");
  command->callback([options, done = std::move(done)] { done(doctor(*options)); });
}

}  // namespace sp::edge_gateway
