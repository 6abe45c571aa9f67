#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "base/log/log.h"
#include "certs/authority/request.h"
#include "certs/cli/making.h"

namespace sp::certs {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  fs::path folder;
  std::string name = "server";
  Asked asked;
  std::string receiver;
  std::string template_name = "WebServer";
  bool force = false;
  bool dry_run = false;
};

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Beside a certificate that is served the new key waits under another name until the answer is
/// imported.
fs::path key_file(const Pair& pair) {
  return is_there(pair.certificate()) ? pair.next_key() : pair.key();
}

/// An existing key is asked for again: its pin may have been given out.
Result<openssl::Pkey> key_for(const Wanted& wanted, const fs::path& file) {
  const auto secret = config::read_secret_file(file);
  if (secret) return parse_key(*secret, {}).within(file.string());
  if (secret.error().code() != Code::not_found) return Error{secret.error()};
  return new_key(TRY(key_kind_named(wanted.asked.key)));
}

Outcome save_key(const fs::path& file, const EVP_PKEY& key) {
  if (is_there(file)) return {};
  const auto pem = TRY(pem_of(key));
  return config::write_file(file, pem.expose(), 0600);
}

Outcome check_template(const Wanted& wanted) {
  const bool good =
      !wanted.template_name.empty() && std::ranges::all_of(wanted.template_name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
      });
  if (good) return {};
  return Error{Code::invalid_input,
               "--template is the short name of a certificate template, such as WebServer"};
}

std::string certreq_line(const Wanted& wanted, const fs::path& request) {
  return "certreq -submit -attrib \"CertificateTemplate:" + wanted.template_name + "\" " +
         request.filename().string() + " " + wanted.name + ".cer";
}

Outcome request(const Wanted& wanted, Context& context) {
  TRY(check_template(wanted));
  const auto pair = TRY(Pair::in(wanted.folder, wanted.name));
  const auto hosts = TRY(wanted.asked.all_hosts());
  const auto file = wanted.folder / (wanted.name + ".csr");
  const auto key_path = key_file(pair);
  const auto key = TRY(key_for(wanted, key_path));
  const auto pem = TRY(make_request(hosts, *key));
  if (is_there(file) && !wanted.force) {
    context.hint = "--force makes it again, with the same key";
    return Error{Code::conflict, file.string() + " is there already"};
  }
  if (!wanted.dry_run) {
    std::error_code error;
    fs::create_directories(wanted.folder, error);
    TRY(save_key(key_path, *key));
    TRY(config::write_file(file, bytes::of(pem), 0644));
  }
  std::vector<std::string> names;
  for (const auto& host : hosts) names.push_back(host.text);
  Report report;
  report.add("dry_run", "", wanted.dry_run)
      .add("request", wanted.dry_run ? "would write" : "request", file.string())
      .add("key", "key", key_path.string())
      .add("names", "for", names);
  const bool adcs = wanted.receiver == "adcs";
  if (adcs) report.add("certreq", "run there", certreq_line(wanted, file));
  report.print(context);
  context.next = (adcs ? "run that line on a machine of the domain, then: "
                       : "give the request to the authority, then: ") +
                 std::string{"sallyport-certs import "} + wanted.name + ".cer --key " +
                 key_path.string() + " --out " + wanted.folder.string() + " --name " + wanted.name +
                 " --force";
  return {};
}

}  // namespace

void add_csr(commandline::App& app, Context& context) {
  auto* command =
      app.add_subcommand("csr", "Make a key and a request for somebody else's authority");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--out", wanted->folder, "Folder for NAME.csr and NAME.key")->required();
  command->add_option("--name", wanted->name, "What the two files are called")
      ->capture_default_str();
  wanted->asked.add_names_to(*command);
  command->add_option("--for", wanted->receiver, "adcs: print the line for Windows' certreq, too")
      ->one_of({"adcs"});
  command->add_option("--template", wanted->template_name, "Certificate template of AD CS")
      ->capture_default_str();
  command->add_flag("--force", wanted->force, "Replace a request that is there");
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be made, and write nothing");
  command->callback([wanted, &context] { context.outcome = request(*wanted, context); });
}

}  // namespace sp::certs
