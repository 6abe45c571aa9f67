#include "certs/verify/verify.h"

#include "base/testing/catch.h"
#include "certs/verify/second.h"
#include "certs/x509/workshop_fixture.h"

namespace sp::certs::verify {
namespace {

using workshop::Extensions;
using workshop::Made;

Instant at(std::string_view text) {
  return *parse_rfc3339(text);
}

Question ask(const std::string& chain, const std::string& roots, std::string host = {}) {
  auto question = question_of({bytes::of(chain), {}}, *roots_in(bytes::of(roots)));
  REQUIRE(question);
  question->host = std::move(host);
  question->at = at("2026-02-01T00:00:00Z");
  return *std::move(question);
}

Verdict verdict_of(const Question& question) {
  return judge(question, PublicSuffixes::parse("com\nexample\nco.uk\n"));
}

/// The verdict on a leaf with one extension replaced.
Verdict with(const Made& root, const std::string& type, const std::string& value) {
  auto extensions = workshop::server_extensions("DNS:site.example");
  std::erase_if(extensions, [&](const auto& one) { return one.first == type; });
  if (!value.empty()) extensions.emplace_back(type, value);
  const auto leaf =
      workshop::make({.name = "site.example", .extensions = extensions, .issuer = &root});
  return verdict_of(ask(leaf.pem(), root.pem()));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a sound chain is accepted for its host alone", "[certs][verify]") {
  const auto root = workshop::root();
  const auto middle = workshop::intermediate(root);
  const auto leaf = workshop::leaf(middle, "DNS:site.example,DNS:*.a.example,IP:192.0.2.7");
  const auto chain = leaf.pem() + middle.pem();

  const auto verdict = [&](const char* host) {
    return verdict_of(ask(chain, root.pem(), host)).accepted;
  };

  CHECK(verdict("site.example"));
  CHECK(verdict("SITE.example"));
  CHECK(verdict("b.a.example"));
  CHECK(verdict("192.0.2.7"));
  CHECK_FALSE(verdict("a.example"));
  CHECK_FALSE(verdict("c.b.a.example"));
  CHECK_FALSE(verdict("192.0.2.8"));
  CHECK_FALSE(verdict("other.example"));
}

TEST_CASE("the order of intermediates does not matter, their absence does", "[certs][verify]") {
  const auto root = workshop::root();
  const auto upper = workshop::make({.name = "Upper",
                                     .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                    {"keyUsage", "critical,keyCertSign"},
                                                    {"subjectKeyIdentifier", "hash"},
                                                    {"authorityKeyIdentifier", "keyid"}},
                                     .issuer = &root});
  const auto lower = workshop::intermediate(upper);
  const auto leaf = workshop::leaf(lower);

  const auto sorted = verdict_of(ask(leaf.pem() + lower.pem() + upper.pem(), root.pem()));
  const auto mixed = verdict_of(ask(leaf.pem() + upper.pem() + lower.pem(), root.pem()));
  const auto short_of_one = verdict_of(ask(leaf.pem() + lower.pem(), root.pem()));

  CHECK(sorted.accepted);
  CHECK(mixed.accepted);
  CHECK(mixed.path.size() == 4);
  CHECK_FALSE(short_of_one.accepted);
  CHECK(contains(short_of_one.reason, "add the missing intermediates"));
}

TEST_CASE("an expired way to a root does not hide the good one", "[certs][verify]") {
  const auto root = workshop::root();
  const auto good = workshop::intermediate(root);
  const auto old = workshop::make({.name = "Test intermediate",
                                   .extensions = {{"basicConstraints", "critical,CA:TRUE"},
                                                  {"keyUsage", "critical,keyCertSign"},
                                                  {"subjectKeyIdentifier", "hash"},
                                                  {"authorityKeyIdentifier", "keyid"}},
                                   .issuer = &root,
                                   .same_key = &good,
                                   .from = "20200101000000Z",
                                   .until = "20210101000000Z"});
  const auto leaf = workshop::leaf(good);

  CHECK(verdict_of(ask(leaf.pem() + old.pem() + good.pem(), root.pem())).accepted);
  CHECK(contains(verdict_of(ask(leaf.pem() + old.pem(), root.pem())).reason, "has expired"));
}

TEST_CASE("the last second of a certificate is its own, the next is not", "[certs][verify]") {
  const auto root = workshop::root();
  const auto leaf = workshop::leaf(root);
  auto question = ask(leaf.pem(), root.pem());

  question.at = at("2026-03-01T00:00:00.900Z");
  CHECK(verdict_of(question).accepted);
  question.at = at("2026-03-01T00:00:01Z");
  CHECK(contains(verdict_of(question).reason, "has expired: renew it"));
  question.at = at("2025-12-31T23:59:59.999Z");
  CHECK(contains(verdict_of(question).reason, "is not valid yet"));
  question.at.reset();
  CHECK(verdict_of(question).accepted);
}

TEST_CASE("each broken rule of a server certificate is refused in its own words",
          "[certs][verify]") {
  const auto root = workshop::root();
  const auto reason = [&](const char* type, const char* value) {
    return with(root, type, value).reason;
  };

  CHECK(with(root, "", "").accepted);
  CHECK(contains(reason("subjectAltName", ""), "has no subject alternative name"));
  CHECK(contains(reason("subjectAltName", "critical,DNS:site.example"), "mark its alternative"));
  CHECK(contains(reason("subjectAltName", "DNS:foo_bar.example"), "no DNS name"));
  CHECK(contains(reason("subjectAltName", "DNS:192.0.2.1"), "no DNS name"));
  CHECK(contains(reason("subjectAltName", "DNS:*.co.uk,DNS:site.example"), "other people's"));
  CHECK(contains(reason("subjectAltName", "DNS:other.example"), "letter for letter"));
  CHECK(contains(reason("extendedKeyUsage", "clientAuth"), "not for this purpose"));
  CHECK(contains(reason("extendedKeyUsage", ""), "not for this purpose"));
  CHECK(contains(reason("extendedKeyUsage", "critical,serverAuth"), "purposes as critical"));
  CHECK(contains(reason("authorityKeyIdentifier", ""), "whose key signed it"));
  CHECK(contains(reason("basicConstraints", "critical,CA:TRUE"), "is an authority's"));
  CHECK(contains(reason("keyUsage", "critical,keyCertSign"), "may sign certificates"));
  CHECK(contains(reason("nameConstraints", "critical,permitted;DNS:site.example"),
                 "only authorities may have"));
}

TEST_CASE("name constraints hold for names, addresses and what a wildcard covers",
          "[certs][verify]") {
  const auto verdict = [](const char* constraints, const char* names) {
    const auto root = workshop::root("Constrained", {{"nameConstraints", constraints}});
    const auto leaf = workshop::make(
        {.name = "", .extensions = workshop::server_extensions(names), .issuer = &root});
    return verdict_of(ask(leaf.pem(), root.pem())).accepted;
  };

  CHECK(verdict("critical,permitted;DNS:a.example", "critical,DNS:site.a.example"));
  CHECK(verdict("critical,permitted;DNS:a.example", "critical,DNS:*.a.example"));
  CHECK_FALSE(verdict("critical,permitted;DNS:a.example", "critical,DNS:b.example"));
  CHECK_FALSE(verdict("critical,excluded;DNS:secret.a.example", "critical,DNS:*.a.example"));
  CHECK(verdict("critical,excluded;DNS:x.secret.a.example", "critical,DNS:*.a.example"));
  CHECK_FALSE(verdict("critical,excluded;IP:0.0.0.0/0.0.0.0", "critical,IP:192.0.2.1"));
  CHECK_FALSE(verdict("critical,permitted;DNS:*.a.example", "critical,DNS:b.a.example"));
}

TEST_CASE("RFC 5280 alone asks less than browsers do", "[certs][verify]") {
  const auto root = workshop::root();
  auto extensions = workshop::server_extensions("DNS:site.example");
  std::erase_if(extensions, [](const auto& one) { return one.first == "extendedKeyUsage"; });
  const auto leaf =
      workshop::make({.name = "site.example", .extensions = extensions, .issuer = &root});
  auto question = ask(leaf.pem(), root.pem());

  CHECK_FALSE(verdict_of(question).accepted);
  question.policy = Policy::rfc5280;
  CHECK(verdict_of(question).accepted);
}

TEST_CASE("a depth counts the intermediates", "[certs][verify]") {
  const auto root = workshop::root();
  const auto middle = workshop::intermediate(root);
  const auto leaf = workshop::leaf(middle);
  auto question = ask(leaf.pem() + middle.pem(), root.pem());

  question.max_depth = 1;
  CHECK(verdict_of(question).accepted);
  question.max_depth = 0;
  CHECK(contains(verdict_of(question).reason, "--max-depth"));
}

TEST_CASE("a thousand ways to nowhere end", "[certs][verify]") {
  const auto root = workshop::root();
  const auto first = workshop::intermediate(root, "Loop");
  std::string chain = workshop::leaf(first).pem();
  for (int i = 0; i < 60; ++i)
    chain += workshop::make({.name = "Loop",
                             .extensions = {{"basicConstraints", "critical,CA:TRUE"}},
                             .issuer = &first,
                             .serial = 100 + i})
                 .pem();

  const auto verdict = verdict_of(ask(chain, workshop::root("Other").pem()));

  CHECK_FALSE(verdict.accepted);
}

TEST_CASE("a flipped bit anywhere in a certificate is never accepted", "[certs][verify]") {
  const auto root = workshop::root();
  const auto der = workshop::leaf(root).der();
  std::size_t accepted = 0;

  for (std::size_t i = 0; i < der.size(); ++i) {
    auto flipped = der;
    flipped[i] ^= std::byte{0x04};
    auto question = question_of({flipped, {}}, *roots_in(bytes::of(root.pem())));
    if (question && verdict_of(*question).accepted) ++accepted;
  }

  CHECK(accepted == 0);
}

TEST_CASE("Mbed TLS agrees on what is sound and on what is not", "[certs][verify]") {
  const auto root = workshop::root();
  const auto middle = workshop::intermediate(
      root, "Constrained", {{"nameConstraints", "critical,permitted;DNS:example"}});
  const auto leaf = workshop::leaf(middle);
  auto question = ask(leaf.pem() + middle.pem(), root.pem(), "site.example");
  const auto verdict = verdict_of(question);
  const auto stranger = ask(leaf.pem() + middle.pem(), workshop::root().pem());

  CHECK(verdict.accepted);
  CHECK(opinion_of_mbedtls(question, verdict.path).accepted);
  CHECK_FALSE(opinion_of_mbedtls(stranger, {}).accepted);
  question.at = at("2027-01-01T00:00:00Z");
  CHECK_FALSE(opinion_of_mbedtls(question, verdict.path).accepted);
  question.at.reset();
  question.purpose = Purpose::client;
  CHECK(contains(opinion_of_mbedtls(question, verdict.path).reason, "not for this purpose"));
}

TEST_CASE("what is no certificate is said to be none", "[certs][verify]") {
  const auto nothing = question_of({bytes::of("hello"), {}}, *roots_in({}));
  const auto torn =
      question_of({bytes::of(pem_certificate(bytes::of("0\x01"))), {}}, *roots_in({}));

  CHECK(nothing.error().code() == Code::invalid_input);
  CHECK(torn.error().code() == Code::corrupt);
}

}  // namespace
}  // namespace sp::certs::verify
