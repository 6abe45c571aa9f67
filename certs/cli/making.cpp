#include "certs/cli/making.h"

#include <algorithm>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "base/tls/certificate.h"
#include "certs/authority/renewal.h"

namespace sp::certs {
namespace {

bool was_signed_by(const X509& leaf, const X509& issuer) {
  const bool good = ::X509_verify(const_cast<X509*>(&leaf), ::X509_get0_pubkey(&issuer)) == 1;
  if (!good) static_cast<void>(openssl::failure("verify"));  // empties the queue
  return good;
}

void add_once(std::vector<Host>& hosts, Host host) {
  if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
}

/// "portal.example.com" -> "*.example.com", "example.com" -> "*.example.com".
std::string wildcard_of(std::string_view name) {
  const auto dot = name.find('.');
  const bool has_more = name.find('.', dot + 1) != std::string_view::npos;
  return "*." + std::string{has_more ? name.substr(dot + 1) : name};
}

}  // namespace

void Place::add_to(commandline::App& command) {
  command.add_option("--out", folder, "Folder for NAME.crt and NAME.key")->required();
  command.add_option("--name", name, "What the two files are called")->required(name.empty());
  auto* needed = command.add_flag("--if-needed", if_needed,
                                  "Keep a certificate that still serves, replace any other");
  command.add_flag("--force", force, "Replace what is there; rollback brings it back")
      ->excludes(needed);
  command.add_flag("--dry-run", dry_run, "Say what would be made, and write nothing");
}

void Asked::add_names_to(commandline::App& command, const std::string& about_host) {
  command.add_option("--host", hosts, about_host);
  command.add_option("--url", urls, "Address of the site, https://HOST[:PORT]; may be repeated");
  command.add_flag("--wildcard", wildcard,
                   "Also every name beside these: *.example.com for portal.example.com");
  command.add_option("--key-type", key, "p256, p384, rsa2048 or rsa3072")->capture_default_str();
}

void Asked::add_all_to(commandline::App& command, const std::string& about_host) {
  add_names_to(command, about_host);
  command.add_option("--days", days, "How long it lives; 397 for servers, 825 at most")
      ->within(1, 7300);
  command.add_flag("--public", is_public, "Hold to the limits of public authorities, too");
}

Result<std::vector<Host>> Asked::all_hosts() const {
  std::vector<Host> all;
  for (const auto& text : hosts) add_once(all, TRY(Host::parse(text)));
  for (auto& host : TRY(hosts_of_urls(urls))) add_once(all, std::move(host));
  if (!wildcard) return all;
  for (const auto& host : std::vector<Host>{all})
    if (host.kind == Host::Kind::dns && !host.is_wildcard() &&
        host.text.find('.') != std::string::npos)
      add_once(all, Host{Host::Kind::dns, wildcard_of(host.text)});
  return all;
}

Result<Wish> Asked::wish() const {
  Wish wish;
  wish.profile = TRY(profile_named(profile));
  wish.hosts = TRY(all_hosts());
  wish.uri = uri;
  wish.is_public = is_public;
  wish.key = TRY(key_kind_named(key));
  if (days > 0) wish.life = std::chrono::days{days};
  return wish;
}

Result<Secret> read_password(const std::filesystem::path& file) {
  if (file.empty()) return Secret{};
  auto content = TRY(config::read_secret_file(file, 4096));
  auto text = bytes::text(content.expose());
  text = text.substr(0, text.find_first_of("\r\n"));
  if (text.empty())
    return Error{Code::invalid_input, file.string() + " holds no password in its first line"};
  return Secret::copy_of(bytes::of(text));
}

Result<Authority> load_authority(const std::filesystem::path& folder,
                                 const std::filesystem::path& password_file) {
  const auto password = TRY(read_password(password_file));
  return Authority::load(folder, password);
}

Outcome refuse_existing(const Place& place, const Pair& pair, Context& context) {
  if (place.if_needed || place.force) return {};
  for (const auto& path : {pair.certificate(), pair.key()}) {
    if (std::error_code error; !std::filesystem::exists(path, error)) continue;
    context.hint = "--force replaces it, --if-needed replaces it only when it no longer serves";
    return Error{Code::conflict, path.string() + " is there already"};
  }
  return {};
}

bool still_serves(const Pair& pair, const std::vector<Host>& hosts, const X509* issuer,
                  Instant now) {
  const auto loaded = load(pair);
  if (!loaded || (issuer != nullptr && !was_signed_by(*loaded->leaf, *issuer))) return false;
  const auto named = tls::names(*loaded->leaf);
  return now < renewal_due(*loaded->leaf) && std::ranges::all_of(hosts, [&](const Host& host) {
           return std::ranges::find(named, host.text) != named.end();
         });
}

Outcome print_pair(const Pair& pair, Report report, Context& context) {
  const auto chain = TRY(describe(pair.certificate(), context.clock.now()));
  Report all;
  all.add("certificate", "certificate", pair.certificate().string());
  all.add("key", "key", pair.key().string());
  add_description(all, chain.front());
  all.append(std::move(report));
  all.print(context);
  if (context.next.empty())
    context.next = "name both files in the configuration of the program that serves these hosts";
  return {};
}

Outcome print_dry_run(const Pair& pair, const Wish& wish, Context& context) {
  Report report;
  std::vector<std::string> names;
  for (const auto& host : wish.hosts) names.push_back(host.text);
  report.add("dry_run", "", true)
      .add("certificate", "would write", pair.certificate().string())
      .add("key", "with key", pair.key().string())
      .add("names", "for", names)
      .print(context);
  context.next = "the same without --dry-run";
  return {};
}

Outcome record(const std::filesystem::path& folder, const std::string& chain) {
  const auto leaf = TRY(tls::parse_certificate(chain));
  const auto issued = folder / "issued";
  std::error_code error;
  std::filesystem::create_directories(issued, error);
  if (error)
    return Error{Code::unavailable, "cannot make " + issued.string() + ": " + error.message()};
  return config::write_file(issued / (serial_of(*leaf) + ".crt"), bytes::of(pem_of(*leaf)), 0644);
}

}  // namespace sp::certs
