#include "base/setup/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/config/files.h"
#include "base/probe/probe.h"
#include "base/setup/programs.h"
#include "base/tls/certificate.h"

namespace sp::setup {
namespace {

constexpr auto certs_program = "sallyport-certs";

std::filesystem::path certificate_of(const CertificateWish& wish) {
  return wish.folder / (wish.name + ".crt");
}
std::filesystem::path key_of(const CertificateWish& wish) {
  return wish.folder / (wish.name + ".key");
}

// The program's own sentence.
std::string sentence_of(const std::string& output) {
  constexpr std::string_view mark = "error: ";
  const auto at = output.find(mark);
  const auto from = at == std::string::npos ? 0 : at + mark.size();
  return output.substr(from, output.find('\n', from) - from);
}

Outcome certs(const CertificateWish& wish, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), sibling(certs_program));
  const auto ran = TRY(run(as_owner_of(wish.folder, std::move(arguments))));
  if (ran.status != 0)
    return Error{Code::unavailable, std::string{certs_program} + ": " + sentence_of(ran.output)};
  return {};
}

// What an authority that stays may sign for: the names beside this one.
std::string domain_of(const std::string& host) {
  const auto dot = host.find('.');
  const bool has_domain = dot != std::string::npos && host.find('.', dot + 1) != std::string::npos;
  return has_domain && !probe::is_address(host) ? host.substr(dot + 1) : host;
}

Outcome issue(const CertificateWish& wish, const std::filesystem::path& authority,
              const char* when) {
  const auto permitted = wish.kind == internal_ca ? domain_of(wish.host) : wish.host;
  TRY(certs(wish,
            {"ca", "init", "--out", authority.string(), "--permit", permitted, "--if-needed"}));
  return certs(wish, {"issue", "--ca", authority.string(), "--out", wish.folder.string(), "--name",
                      wish.name, "--host", wish.host, when});
}

// The authority signs this one certificate; then its key is gone.
Outcome issue_alone(const CertificateWish& wish) {
  const auto authority = wish.folder / ("." + wish.name + "-authority");
  auto issued = issue(wish, authority, "--force");
  std::error_code failure;
  std::filesystem::remove_all(authority, failure);
  if (failure && issued)
    return Error{Code::unavailable, "cannot remove " + authority.string() + "; remove it by hand"};
  return issued;
}

Outcome take_files(const CertificateWish& wish) {
  if (wish.given_certificate.empty() || wish.given_key.empty())
    return Error{Code::invalid_input,
                 "--certificate files needs --certificate-file and --key-file"};
  TRY(key_matches(wish.given_certificate, wish.given_key));
  const auto chain = TRY(config::read_file(wish.given_certificate));
  const auto key = TRY(config::read_secret_file(wish.given_key));
  const auto owner = TRY(AsOwner::of(wish.folder));
  TRY(config::write_file(key_of(wish), key.expose(), 0600));
  return config::write_file(certificate_of(wish), chain, 0644);
}

}  // namespace

Outcome key_matches(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  const auto chain = TRY(config::read_file(certificate));
  const auto leaf = TRY(tls::parse_certificate(bytes::text(chain)).within(certificate.string()));
  const auto text = TRY(config::read_secret_file(key));
  const auto view = text.expose();
  const openssl::Bio bio{::BIO_new_mem_buf(view.data(), static_cast<int>(view.size()))};
  const openssl::Pkey read{
      bio == nullptr ? nullptr : ::PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
  const bool matches = read != nullptr && ::X509_check_private_key(leaf.get(), read.get()) == 1;
  static_cast<void>(openssl::failure("key"));  // empties the queue
  if (read == nullptr)
    return Error{Code::invalid_input, key.string() + " holds no private key in PEM"};
  if (!matches)
    return Error{Code::invalid_input, key.string() + " is not the key of " + certificate.string()};
  return {};
}

std::vector<openssl::Cert> roots_of(const std::filesystem::path& chain) {
  std::vector<openssl::Cert> roots;
  const auto text = config::read_file(chain);
  if (!text) return roots;
  auto all = tls::parse_chain(bytes::text(*text));
  if (!all) return roots;
  auto& last = all->back();
  if (::X509_check_issued(last.get(), last.get()) == X509_V_OK) roots.push_back(std::move(last));
  return roots;
}

Outcome make_certificate(const CertificateWish& wish) {
  if (wish.kind == keep) return key_matches(certificate_of(wish), key_of(wish));
  if (wish.kind == internal_ca) return issue(wish, wish.folder / "ca", "--if-needed");
  if (wish.kind == self_signed) return issue_alone(wish);
  if (wish.kind == from_files) return take_files(wish);
  return Error{Code::invalid_input, "a certificate is self-signed, internal-ca, files or keep"};
}

}  // namespace sp::setup
