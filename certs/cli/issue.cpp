#include <CLI/App.hpp>

#include <algorithm>
#include <ostream>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"
#include "base/tls/context.h"
#include "certs/authority/authority.h"
#include "certs/cli/cli.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path authority;
  std::filesystem::path folder;
  std::string name;
  std::vector<std::string> hosts;
  bool if_needed = false;
  bool force = false;

  [[nodiscard]] std::filesystem::path certificate() const { return folder / (name + ".crt"); }
  [[nodiscard]] std::filesystem::path key() const { return folder / (name + ".key"); }
};

/// Below this a certificate is due for renewal: a third of its life.
constexpr std::chrono::days renewal{leaf_life / 3};

Result<std::vector<Host>> parse_hosts(const std::vector<std::string>& texts) {
  std::vector<Host> hosts;
  for (const auto& text : texts) {
    auto host = TRY(Host::parse(text));
    if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
  }
  return hosts;
}

bool was_signed_by(const X509& leaf, const Authority& authority) {
  const bool good =
      ::X509_verify(const_cast<X509*>(&leaf), ::X509_get0_pubkey(&authority.certificate())) == 1;
  if (!good) static_cast<void>(openssl::failure("verify"));  // empties the queue
  return good;
}

/// True when what is there serves: key and certificate match, it is this authority's, names all
/// hosts and lasts.
bool still_serves(const Wanted& wanted, const Authority& authority, const std::vector<Host>& hosts,
                  Instant now) {
  const auto identity = tls::load_identity(wanted.certificate(), wanted.key());
  if (!identity || !tls::public_server(*identity)) return false;
  const auto leaf = tls::parse_certificate(identity->chain_pem);
  if (!leaf || !was_signed_by(**leaf, authority)) return false;
  const auto named = tls::names(**leaf);
  return tls::not_after(**leaf) - now > renewal &&
         std::ranges::all_of(hosts, [&](const Host& host) {
           return std::ranges::find(named, host.text) != named.end();
         });
}

Outcome print(const Wanted& wanted, Context& context) {
  const auto chain = TRY(describe(wanted.certificate(), context.clock.now()));
  const auto& leaf = chain.front();
  if (context.json) {
    context.out << created_json(wanted.certificate(), wanted.key(), leaf) << "\n";
    return {};
  }
  context.out << "certificate: " << wanted.certificate().string() << " (with its chain)\n"
              << "key:         " << wanted.key().string() << "\n"
              << "for:        ";
  for (const auto& name : leaf.names) context.out << " " << name;
  context.out << "\nvalid until: " << rfc3339(leaf.until) << " (" << leaf.days_left << " days)\n";
  context.next = "name both files in the configuration of the program that serves these hosts";
  return {};
}

Outcome refuse_existing(const Wanted& wanted, Context& context) {
  for (const auto& path : {wanted.certificate(), wanted.key()}) {
    if (std::error_code error; !std::filesystem::exists(path, error)) continue;
    context.hint = "--force replaces it, --if-needed replaces it only when it no longer serves";
    return Error{Code::conflict, path.string() + " is there already"};
  }
  return {};
}

Outcome write(const Wanted& wanted, const Issued& issued) {
  std::error_code error;
  std::filesystem::create_directories(wanted.folder, error);
  if (error)
    return Error{Code::unavailable,
                 "cannot make " + wanted.folder.string() + ": " + error.message()};
  TRY(config::write_file(wanted.key(), issued.key.expose(), 0600));
  return config::write_file(wanted.certificate(), bytes::of(issued.chain), 0644);
}

Outcome issue(const Wanted& wanted, Context& context) {
  if (wanted.name.empty() || wanted.name.find('/') != std::string::npos)
    return Error{Code::invalid_input, "--name is a file name without folder and ending"};
  const auto hosts = TRY(parse_hosts(wanted.hosts));
  context.hint =
      "make an authority with: sallyport-certs ca init --out " + wanted.authority.string();
  const auto authority = TRY(Authority::load(wanted.authority));
  context.hint.clear();
  const auto now = context.clock.now();
  if (wanted.if_needed && still_serves(wanted, authority, hosts, now))
    return print(wanted, context);
  if (!wanted.if_needed && !wanted.force) TRY(refuse_existing(wanted, context));
  const auto issued = TRY(authority.issue(hosts, now, context.random));
  TRY(write(wanted, issued));
  return print(wanted, context);
}

}  // namespace

void add_issue(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("issue", "Make a key and a server certificate, signed by the authority");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--ca", wanted->authority, "Folder of the authority")->required();
  command->add_option("--out", wanted->folder, "Folder for NAME.crt and NAME.key")->required();
  command->add_option("--name", wanted->name, "What the two files are called")->required();
  command->add_option("--host", wanted->hosts, "DNS name or IP address to serve; may be repeated")
      ->required();
  auto* if_needed = command->add_flag("--if-needed", wanted->if_needed,
                                      "Keep a certificate that still serves, replace any other");
  command->add_flag("--force", wanted->force, "Replace what is there")->excludes(if_needed);
  command->callback([wanted, &context] { context.outcome = issue(*wanted, context); });
}

}  // namespace sp::certs
