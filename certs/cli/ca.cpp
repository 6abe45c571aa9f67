#include <CLI/App.hpp>

#include <ostream>

#include "certs/authority/authority.h"
#include "certs/cli/cli.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path folder;
  std::string name = "Sallyport CA";
  bool if_needed = false;
};

Outcome print(const Wanted& wanted, Context& context) {
  const auto certificate = wanted.folder / "ca.crt";
  const auto chain = TRY(describe(certificate, context.clock.now()));
  if (context.json) {
    context.out << created_json(certificate, wanted.folder / "ca.key", chain.front()) << "\n";
    return {};
  }
  context.out << "authority:   " << chain.front().subject << "\n"
              << "certificate: " << certificate.string()
              << " (give it to those who must trust it)\n"
              << "key:         " << (wanted.folder / "ca.key").string()
              << " (keep it secret, back it up)\n"
              << "valid until: " << rfc3339(chain.front().until) << "\n";
  context.next =
      "sallyport-certs issue --ca " + wanted.folder.string() + " --out DIR --name NAME --host HOST";
  return {};
}

Outcome init(const Wanted& wanted, Context& context) {
  if (wanted.if_needed && Authority::load(wanted.folder)) return print(wanted, context);
  const auto authority = TRY(Authority::create(wanted.name, context.clock.now(), context.random));
  auto saved = authority.save(wanted.folder);
  if (!saved && saved.error().code() == Code::conflict)
    context.hint = "choose another folder; replacing an authority makes all it signed worthless";
  TRY(std::move(saved));
  return print(wanted, context);
}

}  // namespace

void add_ca(CLI::App& app, Context& context) {
  auto* ca = app.add_subcommand("ca", "The internal certificate authority");
  ca->require_subcommand(1);
  auto* command = ca->add_subcommand("init", "Make a new authority: ca.crt and ca.key");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--out", wanted->folder, "Folder for ca.crt and ca.key")->required();
  command->add_option("--name", wanted->name, "What the authority is called")
      ->capture_default_str();
  command->add_flag("--if-needed", wanted->if_needed, "Keep a sound authority that is there");
  command->callback([wanted, &context] { context.outcome = init(*wanted, context); });
}

}  // namespace sp::certs
