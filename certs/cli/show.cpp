#include <openssl/x509v3.h>

#include <array>
#include <ostream>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "base/config/files.h"
#include "base/openssl/crypto.h"
#include "base/tls/certificate.h"
#include "certs/cli/cli.h"

namespace sp::certs {
namespace {

std::string text_of(const X509_NAME* name) {
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  ::X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string fingerprint(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::X509_digest(&certificate, ::EVP_sha256(), digest.data(), &size);
  return bytes::hex(std::as_bytes(std::span{digest}.first(size)));
}

Description description_of(X509& certificate, Instant now) {
  const auto until = tls::not_after(certificate);
  return {.subject = text_of(::X509_get_subject_name(&certificate)),
          .issuer = text_of(::X509_get_issuer_name(&certificate)),
          .names = tls::names(certificate),
          .from = tls::not_before(certificate),
          .until = until,
          .days_left = std::chrono::floor<std::chrono::days>(until - now).count(),
          .authority = ::X509_check_ca(&certificate) == 1,
          .fingerprint = fingerprint(certificate),
          .pin = bytes::hex(tls::spki_pin(certificate))};
}

void print(const Description& one, std::ostream& out) {
  out << "subject:     " << one.subject << (one.authority ? " (authority)" : "") << "\n"
      << "issuer:      " << one.issuer << "\n";
  if (!one.names.empty()) out << "for:        ";
  for (const auto& name : one.names) out << " " << name;
  out << (one.names.empty() ? "" : "\n") << "valid:       " << rfc3339(one.from) << " to "
      << rfc3339(one.until)
      << (one.days_left < 0 ? " (expired)" : " (" + std::to_string(one.days_left) + " days left)")
      << "\nsha-256:     " << one.fingerprint << "\npin:         " << one.pin << "\n";
}

Outcome show(const std::filesystem::path& file, Context& context) {
  const auto chain = TRY(given(describe(file, context.clock.now())));
  if (context.json) {
    context.out << shown_json(file, chain) << "\n";
    return {};
  }
  for (const auto& one : chain) {
    if (&one != &chain.front()) context.out << "\n";
    print(one, context.out);
  }
  const bool expired = chain.front().days_left < 0;
  context.next =
      expired ? "it is expired; make a new one with sallyport-certs issue" : "nothing to do";
  return {};
}

}  // namespace

Result<openssl::Cert> load_leaf(const std::filesystem::path& file) {
  const auto pem = TRY(config::read_file(file));
  return tls::parse_certificate(bytes::text(pem)).within(file.string());
}

Result<std::vector<Description>> describe(const std::filesystem::path& file, Instant now) {
  const auto pem = TRY(config::read_file(file));
  const auto chain = TRY(tls::parse_chain(bytes::text(pem)).within(file.string()));
  std::vector<Description> all;
  for (const auto& certificate : chain) all.push_back(description_of(*certificate, now));
  return all;
}

void add_show(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand("show", "Show what a certificate file says");
  const auto file = std::make_shared<std::filesystem::path>();
  command->add_option("FILE", *file, "Certificate or chain, PEM")->required();
  command->callback([file, &context] { context.outcome = show(*file, context); });
}

}  // namespace sp::certs
