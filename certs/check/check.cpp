#include "certs/check/check.h"

#include <algorithm>

#include "certs/x509/pem.h"

namespace sp::certs::check {
namespace {

Answer dates_of(const View& leaf, Instant now) {
  if (!leaf.from.at || !leaf.until.at)
    return {false, "a date does not parse: have it issued again"};
  if (now < *leaf.from.at)
    return {false,
            "it is not valid before " + rfc3339(*leaf.from.at) + ": wait, or set the clock right"};
  if (now > *leaf.until.at)
    return {false, "it expired at " + rfc3339(*leaf.until.at) + ": renew it now"};
  const auto days = std::chrono::floor<std::chrono::days>(*leaf.until.at - now).count();
  return {true, std::to_string(days) + " days left"};
}

Answer host_of(const View& leaf, const std::string& host) {
  if (is_for_host(leaf, host)) return {true, "it is for " + host};
  return {false, "it is not for " + host + ": get one that names it"};
}

Answer key_of(BytesView leaf, EVP_PKEY* key) {
  const auto parsed = verify::Certificate::parse(leaf);
  if (parsed && ::X509_check_private_key(parsed->x509.get(), key) == 1)
    return {true, "the key is the certificate's"};
  static_cast<void>(openssl::failure("compare key"));  // empties the queue
  return {false,
          "the key is another's: find the one that the request was made with, or ask for a new "
          "certificate"};
}

std::string pem_of(const std::vector<Bytes>& chain) {
  std::string all;
  for (const auto& one : chain) all += pem_certificate(one);
  return all;
}

Answer chain_of(const Subject& subject, const PublicSuffixes& suffixes) {
  const auto pem = pem_of(subject.chain);
  auto question = verify::question_of({bytes::of(pem), {}}, subject.roots);
  if (!question) return {false, question.error().detail()};
  // Dates of the leaf are said by themselves; those of the others matter here.
  question->at = subject.now;
  const auto verdict = verify::judge(*question, suffixes);
  return {verdict.accepted, verdict.reason};
}

}  // namespace

bool Report::good() const {
  const bool refused = std::ranges::any_of(
      findings, [](const auto& one) { return one.severity == lint::Severity::error; });
  return dates.good && chain.good && (!host || host->good) && (!key || key->good) && !refused;
}

Result<Report> examine(const Subject& subject, const PublicSuffixes& suffixes) {
  if (subject.chain.empty())
    return Error{Code::invalid_input, "there is no certificate in it: give PEM or DER"};
  const auto leaf = TRY(View::parse(subject.chain.front()));
  Report report{.subject = name_text(leaf.subject),
                .issuer = name_text(leaf.issuer),
                .names = host_names(leaf),
                .from = leaf.from.at,
                .until = leaf.until.at,
                .is_public = false,
                .dates = dates_of(leaf, subject.now),
                .chain = chain_of(subject, suffixes),
                .host = {},
                .key = {},
                .findings = {},
                .clients = {}};
  report.is_public = report.chain.good && subject.roots_are_public;
  if (!subject.host.empty()) report.host = host_of(leaf, subject.host);
  if (subject.key != nullptr) report.key = key_of(subject.chain.front(), subject.key);
  const bool by_public_rules = report.is_public || subject.as_public;
  report.findings = lint::findings(
      leaf, by_public_rules ? lint::Scope::public_authorities : lint::Scope::everyone, suffixes);
  report.clients = lint::client_opinions(leaf, by_public_rules);
  return report;
}

}  // namespace sp::certs::check
