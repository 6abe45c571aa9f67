#include "certs/lint/lint.h"

#include <algorithm>
#include <set>

#include "base/testing/catch.h"
#include "certs/lint/clients.h"
#include "certs/x509/workshop_fixture.h"

namespace sp::certs::lint {
namespace {

using workshop::Extensions;

View view_of(const workshop::Made& made) {
  auto view = View::parse(made.der());
  REQUIRE(view);
  return *std::move(view);
}

/// A server's certificate with one extension replaced.
View with(const std::string& type, const std::string& value) {
  static const auto root = workshop::root();
  auto extensions = workshop::server_extensions("DNS:site.example");
  std::erase_if(extensions, [&](const auto& one) { return one.first == type; });
  if (!value.empty()) extensions.emplace_back(type, value);
  return view_of(
      workshop::make({.name = "site.example", .extensions = extensions, .issuer = &root}));
}

std::set<std::string_view> ids(const View& view, Scope scope = Scope::everyone) {
  std::set<std::string_view> all;
  for (const auto& one : findings(view, scope, PublicSuffixes::parse("example\ncom\nco.uk\n")))
    all.insert(one.id);
  return all;
}

TEST_CASE("every rule has an id of its own, a severity and a sentence that says what to do",
          "[certs][lint]") {
  std::set<std::string_view> seen;
  const auto rules = all_rules();

  for (const auto& rule : rules) {
    INFO(rule.id);
    CHECK(seen.insert(rule.id).second);
    CHECK((rule.id.starts_with("e_") || rule.id.starts_with("w_") || rule.id.starts_with("n_")));
    CHECK(rule.sentence.find_first_of(":,") != std::string_view::npos);
  }

  CHECK(rules.size() > 300);
}

TEST_CASE("a sound certificate of an own authority has nothing wrong", "[certs][lint]") {
  CHECK(ids(with("", "")).empty());
}

TEST_CASE("the rules for public authorities are asked where they are meant", "[certs][lint]") {
  const auto view = with("", "");

  CHECK_FALSE(ids(view).contains("e_sub_cert_aia_missing"));
  CHECK(ids(view, Scope::public_authorities).contains("e_sub_cert_aia_missing"));
  CHECK(ids(view, Scope::public_authorities).contains("e_sub_cert_certificate_policies_missing"));
}

TEST_CASE("each fault is found by its rule", "[certs][lint]") {
  const auto found = [](const char* type, const char* value, const char* id) {
    return ids(with(type, value), Scope::public_authorities).contains(id);
  };

  CHECK(found("subjectAltName", "", "e_ext_san_missing"));
  CHECK(found("subjectAltName", "critical,DNS:site.example", "w_ext_san_critical_with_subject_dn"));
  CHECK(found("subjectAltName", "DNS:a_b.site.example", "w_rfc_dnsname_underscore_in_trd"));
  CHECK(found("subjectAltName", "DNS:a..example", "e_rfc_dnsname_empty_label"));
  CHECK(found("subjectAltName", "DNS:co.uk", "e_dnsname_contains_bare_iana_suffix"));
  CHECK(found("subjectAltName", "DNS:host.internal", "e_dnsname_not_valid_tld"));
  CHECK(found("subjectAltName", "IP:10.1.2.3", "e_ext_san_contains_reserved_ip"));
  CHECK(found("subjectAltName", "URI:https://x.example",
              "e_ext_san_uniform_resource_identifier_present"));
  CHECK(found("subjectAltName", "DNS:other.example", "e_subject_common_name_not_from_san"));
  CHECK(found("extendedKeyUsage", "", "e_sub_cert_eku_missing"));
  CHECK(found("extendedKeyUsage", "critical,serverAuth", "e_eku_critical"));
  CHECK(found("keyUsage", "digitalSignature", "w_ext_key_usage_not_critical"));
  CHECK(found("keyUsage", "critical,keyCertSign", "e_ext_key_usage_cert_sign_without_ca"));
  CHECK(found("keyUsage", "critical,keyEncipherment", "e_ecdsa_allowed_ku"));
  CHECK(found("basicConstraints", "CA:FALSE", "e_sub_cert_basic_constraints_not_critical"));
  CHECK(found("authorityKeyIdentifier", "", "e_ext_authority_key_identifier_missing"));
  CHECK(found("nameConstraints", "critical,permitted;DNS:example",
              "e_ext_name_constraints_not_in_ca"));
}

TEST_CASE("how long it may live depends on when it was issued", "[certs][lint]") {
  const auto root = workshop::root();
  const auto issued = [&](const char* from, const char* until) {
    return ids(
        view_of(workshop::make({.name = "site.example",
                                .extensions = workshop::server_extensions("DNS:site.example"),
                                .issuer = &root,
                                .from = from,
                                .until = until})),
        Scope::public_authorities);
  };

  CHECK_FALSE(issued("20260314000000Z", "20270101000000Z")
                  .contains("e_server_cert_valid_time_longer_than_200_days"));
  CHECK(issued("20260315000000Z", "20270101000000Z")
            .contains("e_server_cert_valid_time_longer_than_200_days"));
  CHECK(issued("20270315000000Z", "20270624000000Z")
            .contains("e_server_cert_valid_time_longer_than_100_days"));
  CHECK_FALSE(issued("20290315000000Z", "20290430235959Z")
                  .contains("e_server_cert_valid_time_longer_than_47_days"));
  CHECK(issued("20290315000000Z", "20290501000000Z")
            .contains("e_server_cert_valid_time_longer_than_47_days"));
}

TEST_CASE("Apple's limit of 825 days holds for every authority", "[certs][lint]") {
  const auto root = workshop::root();
  const auto opinions = [&](const char* until) {
    return client_opinions(view_of(workshop::leaf(root, "DNS:site.example", until)), false);
  };
  const auto apple = [](const std::vector<ClientOpinion>& all) {
    return std::ranges::find(all, "Apple", &ClientOpinion::client)->accepts;
  };

  const auto longer = opinions("20290101000000Z");
  const auto shorter = opinions("20270101000000Z");

  CHECK(shorter.size() == 6);
  CHECK(apple(shorter));
  CHECK_FALSE(apple(longer));
  CHECK(std::ranges::find(longer, "Firefox", &ClientOpinion::client)->accepts);
}

TEST_CASE("what no client takes is said by all", "[certs][lint]") {
  const auto nameless = client_opinions(with("subjectAltName", ""), false);
  const auto for_clients = client_opinions(with("extendedKeyUsage", "clientAuth"), false);

  CHECK(std::ranges::none_of(nameless, &ClientOpinion::accepts));
  CHECK(std::ranges::none_of(for_clients, &ClientOpinion::accepts));
}

TEST_CASE("no flipped bit makes the rules stumble", "[certs][lint]") {
  const auto der = workshop::leaf(workshop::root()).der();
  std::size_t judged = 0;

  for (std::size_t i = 0; i < der.size(); ++i) {
    auto flipped = der;
    flipped[i] ^= std::byte{0x01};
    if (const auto view = View::parse(flipped)) {
      ids(*view, Scope::public_authorities);
      client_opinions(*view, true);
      ++judged;
    }
  }

  CHECK(judged > 0);
}

}  // namespace
}  // namespace sp::certs::lint
