#include "core/doctor/doctor.h"

#include <cstdio>
#include <memory>

#include "base/commandline/app.h"
#include "base/findings/machine.h"
#include "base/probe/probe.h"
#include "base/setup/programs.h"
#include "base/tls/certificate.h"
#include "core/edges/edge.h"
#include "core/keyring/keyring.h"
#include "core/program/config.h"
#include "core/program/foundation.h"
#include "core/program/say.h"
#include "pushpull/enrolment/kit.h"

namespace sp::core {
namespace {

using findings::bad;
using findings::Finding;
using findings::Findings;
using findings::good;
using findings::note;

constexpr std::chrono::seconds patience{10};

// As the link sees it: the intake answers, with the TLS key of its enrolment.
Finding edge_is_reached(const edges::Edge& edge) {
  const auto about = "edge " + edge.name;
  const auto place = probe::place_of(edge.intake_url);
  if (!place)
    return bad(about, edge.intake_url + " is no address.", "It is not reached.",
               "remove the edge and add it again");
  const auto seen = probe::open_site(*place, place->host, "/healthz", patience);
  if (!seen)
    return bad(about, seen.error().detail() + ".",
               "Messages for it wait here, and nobody hears what was seen.",
               "allow this machine -> " + edge.intake_url +
                   " in the firewall, and look whether the edge runs");
  if (edge.state == edges::State::waiting)
    return note(about, "It answers, and is not enrolled yet.", "It shows nothing before.",
                "run there: sallyport-selfdestruct setup --kit KIT");
  if (seen->status != 200)
    return bad(about, "It says that it is not well (status " + std::to_string(seen->status) + ").",
               "Recipients may not be able to open their messages.",
               "run there: sallyport-selfdestruct doctor");
  return good(about, "It answers at " + edge.intake_url + " over " + seen->protocol + ".");
}

// Schema, keyring, and the edges that it knows.
Findings inside(const Config& config) {
  SystemClock clock;
  OsRandom random;
  const auto store = store::Store::open({.url = config.database_url, .connections = 1});
  if (!store)
    return {bad("database", store.error().detail() + ".", "Nothing works without it.",
                "is the database server running, and is [database] url right")};
  Findings out;
  const auto answers = (*store)->ping();
  if (!answers)
    return {bad("database", answers.error().detail() + ".", "Nothing works without it.",
                "is the database server running, and is [database] url right")};
  const auto half = keyring::read_root_half(config.root_key.string());
  const auto keys = half ? keyring::Keyring::open(**store, *half, random)
                         : Result<std::unique_ptr<keyring::Keyring>>{half.error()};
  if (!keys)
    return {bad("keys", keys.error().detail() + ".", "Nothing that is stored can be opened.",
                "restore the key file that belongs to this database, or run setup")};
  out.push_back(good("database", "It answers, and the root key opens it."));
  const auto edges = edges::list(**store);
  if (!edges) {
    out.push_back(bad("database", edges.error().detail() + ".",
                      "Its schema is not of this version.",
                      "start sallyport-core once, which brings it up to date"));
    return out;
  }
  if (edges->empty())
    out.push_back(note("edges", "There is none.", "Messages have nowhere to go.",
                       "add one under Sites, or with: sallyport edge add"));
  for (const auto& edge : *edges) out.push_back(edge_is_reached(edge));
  return out;
}

Findings look(const std::filesystem::path& path) {
  const auto config = read_config(path);
  if (!config)
    return {bad("configuration", config.error().detail() + ".", "The core does not start.",
                "mend it, or run: sallyport-core setup")};
  Findings out{
      good("version", "sallyport-core " SALLYPORT_VERSION ", configured in " + path.string() + "."),
      findings::name_of(config->site_url)};
  const auto place = probe::place_of(config->site_url);
  const auto& address = config->server.address;
  const bool six = address.find(':') != std::string::npos;
  const auto folder = config->root_key.parent_path();
  const auto served = findings::listener(
      {"site", (six ? "[" + address + "]" : address) + ":" + std::to_string(config->server.port),
       place ? place->host : "", "/api/v1/openapi.json", config->certificate, config->key,
       "sallyport-core", true},
      SystemClock{}.now());
  out.insert(out.end(), served.begin(), served.end());
  out.push_back(findings::secret_file("root key", config->root_key, folder));
  out.push_back(findings::secret_file("site key", config->key, folder));
  out.push_back(findings::clock());
  out.push_back(findings::disk(folder));
  const auto owner = setup::AsOwner::of(folder);
  if (!owner) return out;
  const auto deeper = inside(*config);
  out.insert(out.end(), deeper.begin(), deeper.end());
  return out;
}

}  // namespace

int doctor(const std::filesystem::path& config, bool json) {
  guard_process();
  const auto found = look(config);
  std::printf("%s%s", (json ? findings::json(found) : findings::text(found)).c_str(),
              json ? "\n" : "");
  return findings::exit_code(found);
}

void add_doctor(commandline::App& app, std::function<void(int)> done) {
  struct Options {
    std::filesystem::path config = "/etc/sallyport/core.toml";
    bool json = false;
  };
  const auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("doctor", "find what is wrong with this core, and what to do");
  command->add_option("--config", options->config, "configuration file")->capture_default_str();
  command->add_flag("--json", options->json, "for programs");
  command->callback(
      [options, done = std::move(done)] { done(doctor(options->config, options->json)); });
}

}  // namespace sp::core
