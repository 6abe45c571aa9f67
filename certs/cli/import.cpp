#include "certs/import/import.h"

#include <ostream>

#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/cli/judging.h"
#include "certs/x509/pem.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::vector<std::filesystem::path> files;
  std::filesystem::path key;
  std::filesystem::path password;
  std::string host;
  std::filesystem::path folder;
  std::string name = "server";
  bool dry_run = false;
  bool force = false;

  [[nodiscard]] std::filesystem::path certificate() const { return folder / (name + ".crt"); }
  [[nodiscard]] std::filesystem::path key_file() const { return folder / (name + ".key"); }
};

/// A password as people save it: with a line break at its end, which is not part of it.
Result<Secret> password_in(const std::filesystem::path& file) {
  if (file.empty()) return Secret{};
  const auto content = TRY(config::read_secret_file(file));
  auto text = bytes::text(content.expose());
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return Secret::copy_of(bytes::of(text));
}

/// Certificates may be open to all; as a file may also hold a key, it is kept like one.
Result<Secret> content_of(const std::filesystem::path& file) {
  const auto content = TRY(given(config::read_file(file, largest_file)));
  auto kept = Secret::copy_of(content);
  wipe(std::span{const_cast<std::byte*>(content.data()), content.size()});
  return kept;
}

Result<import::Sorted> sorted(const Wanted& wanted, Instant now) {
  const auto password = TRY(password_in(wanted.password));
  import::Pile pile;
  for (const auto& file : wanted.files) {
    const auto content = TRY(content_of(file));
    TRY(import::add(pile, content, password, file.string()));
  }
  if (!wanted.key.empty()) {
    const auto content = TRY(config::read_secret_file(wanted.key, largest_file));
    TRY(import::add(pile, content, password, wanted.key.string()));
  }
  return import::sort(pile, {wanted.host, now});
}

Outcome refuse_existing(const Wanted& wanted, Context& context) {
  for (const auto& path : {wanted.certificate(), wanted.key_file()}) {
    if (std::error_code error; !std::filesystem::exists(path, error)) continue;
    context.hint = "--force replaces it";
    return Error{Code::conflict, path.string() + " is there already"};
  }
  return {};
}

Outcome write(const Wanted& wanted, const import::Sorted& all) {
  std::error_code error;
  std::filesystem::create_directories(wanted.folder, error);
  if (error)
    return Error{Code::unavailable,
                 "cannot make " + wanted.folder.string() + ": " + error.message()};
  TRY(config::write_file(wanted.key_file(), all.key.expose(), 0600));
  return config::write_file(wanted.certificate(), bytes::of(all.chain), 0644);
}

void print(const Wanted& wanted, const import::Sorted& all, Context& context) {
  if (context.json) {
    context.out << imported_json(all, wanted.certificate(), wanted.key_file(), !wanted.dry_run)
                << "\n";
    return;
  }
  context.out << "certificate: " << wanted.certificate().string()
              << "\nkey:         " << wanted.key_file().string() << "\nfor:        ";
  for (const auto& name : all.names) context.out << " " << name;
  context.out << "\nvalid until: " << rfc3339(all.until) << "\n";
  for (const auto& subject : all.subjects) context.out << "chain:       " << subject << "\n";
  for (const auto& warning : all.warnings) context.out << "warning:     " << warning << "\n";
}

Outcome import_all(const Wanted& wanted, Context& context) {
  if (wanted.name.empty() || wanted.name.find('/') != std::string::npos)
    return Error{Code::invalid_input, "--name is a file name without folder and ending"};
  const auto all = TRY(sorted(wanted, context.clock.now()));
  if (!wanted.force && !wanted.dry_run) TRY(refuse_existing(wanted, context));
  if (!wanted.dry_run) TRY(write(wanted, all));
  print(wanted, all, context);
  context.next = wanted.dry_run ? "nothing was written; leave out --dry-run to write it"
                                : "name both files in the configuration of the program that serves "
                                  "these hosts, and delete the files that you imported";
  return {};
}

}  // namespace

void add_import(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "import",
      "Sort certificates and key from files in any form and order into what servers load");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("FILE", wanted->files, "PEM, DER, PFX or P7B, in any order and mixture")
      ->required();
  command->add_option("--key", wanted->key, "Key, where it is in a file of its own");
  command->add_option("--password-file", wanted->password, "Password of a PFX or an encrypted key");
  command->add_option("--host", wanted->host, "DNS name or IP address that it must be for");
  command->add_option("--out", wanted->folder, "Folder for NAME.crt and NAME.key")->required();
  command->add_option("--name", wanted->name, "What the two files are called")
      ->capture_default_str();
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be written, and write nothing");
  command->add_flag("--force", wanted->force, "Replace what is there");
  command->callback([wanted, &context] { context.outcome = import_all(*wanted, context); });
}

}  // namespace sp::certs
