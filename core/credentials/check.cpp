#include <algorithm>
#include <array>

#include "base/bytes/bytes.h"
#include "core/credentials/credential.h"
#include "core/hosts/host.h"
#include "core/hosts/public_key.h"
#include "core/inventory/text.h"

namespace sp::credentials {
namespace {

constexpr std::array kinds{std::string_view{"password"}, std::string_view{"key"},
                           std::string_view{"certificate"}};
constexpr std::size_t most_patterns = 64;

void check_patterns(const std::vector<std::string>& patterns, const std::string& field,
                    std::vector<Problem>& out) {
  const bool good =
      patterns.size() <= most_patterns && std::ranges::all_of(patterns, [](const auto& one) {
        return inventory::is_line(one, 1, 200) && one.find(',') == std::string::npos;
      });
  if (!good) out.push_back({field, "at most 64 patterns of host names, such as web-*"});
}

// The form alone: which kinds of key a host takes is for it and the gateway to say.
bool is_private_key(const Secret& key) {
  const auto text = bytes::text(key.expose());
  return text.size() <= longest_private_key && text.starts_with("-----BEGIN ") &&
         text.find("PRIVATE KEY-----") != std::string_view::npos &&
         text.find("\n-----END ") != std::string_view::npos;
}

bool there(const std::optional<Secret>& secret) {
  return secret && !secret->empty();
}

void check_secrets(const Fields& fields, const Change& change, bool needs_secret,
                   std::vector<Problem>& out) {
  const bool by_password = fields.kind == Kind::password;
  if (by_password && (there(change.private_key) || there(change.passphrase)))
    out.push_back({"private_key", "a credential of the kind password has none"});
  if (!by_password && there(change.password))
    out.push_back({"password", "only a credential of the kind password has one"});
  if (by_password && needs_secret && !there(change.password))
    out.push_back({"password", "is needed"});
  if (!by_password && needs_secret && !there(change.private_key))
    out.push_back({"private_key", "is needed"});
  if (there(change.password) && change.password->size() > longest_password)
    out.push_back({"password", "at most 4096 long"});
  if (there(change.passphrase) && change.passphrase->size() > longest_password)
    out.push_back({"passphrase", "at most 4096 long"});
  if (there(change.private_key) && !is_private_key(*change.private_key))
    out.push_back({"private_key", "a private key in OpenSSH or PEM form, at most 32 KiB"});
}

void check_certificate(const Fields& fields, std::vector<Problem>& out) {
  if (fields.kind != Kind::certificate) {
    if (!fields.certificate.empty())
      out.push_back({"certificate", "only a credential of the kind certificate has one"});
    return;
  }
  const auto key = hosts::parse_public_key(fields.certificate);
  if (!key || !key->is_certificate())
    out.push_back({"certificate", "one line as OpenSSH writes it into ...-cert.pub"});
}

}  // namespace

std::string_view name(Kind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}
std::optional<Kind> kind_named(std::string_view text) {
  for (const auto kind : {Kind::password, Kind::key, Kind::certificate})
    if (text == name(kind)) return kind;
  return std::nullopt;
}

Fields changed(Fields fields, const Change& change) {
  if (change.name) fields.name = inventory::trimmed(*change.name);
  if (change.login) fields.login = inventory::trimmed(*change.login);
  if (change.notes) fields.notes = *change.notes;
  if (change.kind) fields.kind = *change.kind;
  if (change.site) fields.site = *change.site;
  if (fields.kind != Kind::certificate) fields.certificate.clear();
  if (change.certificate) fields.certificate = inventory::trimmed(*change.certificate);
  if (const auto key = hosts::parse_public_key(fields.certificate))
    fields.certificate = key->line();
  if (change.hosts) fields.hosts = inventory::tidied(*change.hosts);
  if (change.hosts_except) fields.hosts_except = inventory::tidied(*change.hosts_except);
  if (change.private_key || fields.kind == Kind::password) fields.has_passphrase = false;
  if (change.passphrase) fields.has_passphrase = !change.passphrase->empty();
  return fields;
}

std::vector<Problem> problems(const Fields& fields, const Change& change, bool needs_secret) {
  std::vector<Problem> out;
  if (!inventory::is_line(fields.name, 1, 200)) out.push_back({"name", "one line of 1 to 200"});
  if (!inventory::is_line(fields.login, 1, 200)) out.push_back({"login", "one line of 1 to 200"});
  if (!inventory::is_text(fields.notes, 10'000)) out.push_back({"notes", "at most 10000 long"});
  if (fields.hosts.empty())
    out.push_back({"hosts", "at least one pattern of host names; * for all of them"});
  check_patterns(fields.hosts, "hosts", out);
  check_patterns(fields.hosts_except, "hosts_except", out);
  check_secrets(fields, change, needs_secret, out);
  check_certificate(fields, out);
  return out;
}

bool fits(const Fields& fields, const hosts::Host& host) {
  if (!fields.site.empty() && fields.site != host.fields.site) return false;
  const auto takes = [&](const std::string& pattern) {
    return inventory::fits(pattern, host.fields.name);
  };
  return std::ranges::any_of(fields.hosts, takes) &&
         std::ranges::none_of(fields.hosts_except, takes);
}

}  // namespace sp::credentials
