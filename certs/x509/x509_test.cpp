#include "base/testing/catch.h"
#include "certs/x509/names.h"
#include "certs/x509/view.h"
#include "certs/x509/workshop_fixture.h"

namespace sp::certs {
namespace {

Bytes raw(std::initializer_list<unsigned> values) {
  Bytes all;
  for (const auto value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

TEST_CASE("DER is read element by element, and no length leads beyond the end", "[certs][x509]") {
  const auto good = raw({0x30, 0x05, 0x02, 0x01, 0x07, 0x05, 0x00});

  const auto parts = der::sequence_of(good);

  REQUIRE(parts);
  CHECK(parts->size() == 2);
  CHECK(der::small_integer(parts->front().content) == 7);
  CHECK_FALSE(der::sequence_of(raw({0x30, 0x06, 0x02, 0x01, 0x07, 0x05, 0x00})));
  CHECK_FALSE(der::sequence_of(raw({0x30, 0x81, 0x05, 0x02, 0x01, 0x07, 0x05, 0x00})));
  CHECK_FALSE(der::sequence_of(raw({0x30, 0x80, 0x00, 0x00})));
  CHECK_FALSE(der::sequence_of(raw({0x30, 0x85, 1, 1, 1, 1, 1})));
  CHECK_FALSE(der::sequence_of(raw({0x1F, 0x81, 0x01, 0x00})));
}

TEST_CASE("object identifiers are written with dots", "[certs][x509]") {
  CHECK(der::oid_text(raw({0x55, 0x1D, 0x11})) == "2.5.29.17");
  CHECK(der::oid_text(raw({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D})) == "1.2.840.113549");
  CHECK(der::oid_text(raw({0x88, 0x37, 0x03})) == "2.999.3");
  CHECK(der::oid_text(raw({0x2A, 0x86})).empty());
  CHECK(der::oid_text({}).empty());
}

TEST_CASE("times are those of RFC 5280 and nothing else", "[certs][x509]") {
  CHECK(parse_time(der::utc_time, "491231235959Z") == *parse_rfc3339("2049-12-31T23:59:59Z"));
  CHECK(parse_time(der::utc_time, "500101000000Z") == *parse_rfc3339("1950-01-01T00:00:00Z"));
  CHECK(parse_time(der::generalized_time, "20500101000000Z") ==
        *parse_rfc3339("2050-01-01T00:00:00Z"));
  CHECK_FALSE(parse_time(der::utc_time, "4912312359Z"));
  CHECK_FALSE(parse_time(der::utc_time, "490231000000Z"));
  CHECK_FALSE(parse_time(der::utc_time, "490101000000+0100"));
  CHECK_FALSE(parse_time(der::generalized_time, "20500101000000.5Z"));
}

TEST_CASE("a certificate's parts are found", "[certs][x509]") {
  const auto root = workshop::root("Root", {{"nameConstraints", "critical,permitted;DNS:example"}});
  const auto leaf = workshop::leaf(root, "DNS:a.example,IP:192.0.2.1,IP:2001:db8::1");

  const auto above = View::parse(root.der());
  const auto view = View::parse(leaf.der());

  REQUIRE(view);
  REQUIRE(above);
  CHECK(view->version == 3);
  CHECK(name_text(view->subject) == "CN=site.example");
  CHECK(host_names(*view) == std::vector<std::string>{"a.example", "192.0.2.1", "2001:db8::1"});
  CHECK(view->key_usage->has(KeyUsage::digital_signature));
  CHECK_FALSE(view->key_usage->has(KeyUsage::key_cert_sign));
  CHECK(view->has_purpose(oid::server_auth));
  CHECK(curve_of(*view) == oid::p256);
  CHECK_FALSE(view->is_authority());
  CHECK(above->is_authority());
  CHECK(above->is_self_issued());
  CHECK(above->name_constraints->permitted.front().base.value == "example");
}

TEST_CASE("a certificate cut anywhere is none", "[certs][x509]") {
  const auto der = workshop::leaf(workshop::root()).der();
  std::size_t accepted = 0;

  for (std::size_t size = 0; size < der.size(); ++size)
    accepted += View::parse(BytesView{der}.first(size)).has_value() ? 1U : 0U;

  CHECK(accepted == 0);
  CHECK(View::parse(Bytes(largest_certificate + 1)).error().code() == Code::too_many);
}

TEST_CASE("host names, wildcards and addresses are told apart", "[certs][x509]") {
  CHECK(is_host_name("a-1.example"));
  CHECK_FALSE(is_host_name("a_b.example"));
  CHECK_FALSE(is_host_name("-a.example"));
  CHECK_FALSE(is_host_name("a..example"));
  CHECK_FALSE(is_host_name("192.0.2.1"));
  CHECK_FALSE(is_host_name(""));
  CHECK(is_wildcard("*.a.example"));
  CHECK_FALSE(is_wildcard("*a.example"));
  CHECK(dns_matches("*.a.example", "B.A.example"));
  CHECK_FALSE(dns_matches("*.a.example", "a.example"));
  CHECK_FALSE(dns_matches("*.a.example", ".a.example"));
  CHECK(mailbox_matches("Me@A.example", "Me@a.EXAMPLE"));
  CHECK_FALSE(mailbox_matches("me@a.example", "Me@a.example"));
  CHECK(address_text(address_bytes("2001:DB8:0:0::1")) == "2001:db8::1");
  CHECK(address_bytes("1.2.3").empty());
}

TEST_CASE("public suffixes follow their list, with wildcards and exceptions", "[certs][x509]") {
  const auto all = PublicSuffixes::parse("// comment\ncom\nco.uk\n*.ck\n!www.ck\n");

  CHECK(all.contains("com"));
  CHECK(all.contains("CO.UK"));
  CHECK(all.contains("anything.ck"));
  CHECK_FALSE(all.contains("www.ck"));
  CHECK_FALSE(all.contains("example.com"));
  CHECK(all.contains("unlisted"));
  CHECK_FALSE(all.lists("unlisted"));
  CHECK(PublicSuffixes::load("/nonexistent").empty());
}

}  // namespace
}  // namespace sp::certs
