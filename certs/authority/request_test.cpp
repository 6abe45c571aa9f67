#include "certs/authority/request.h"

#include <openssl/pem.h>

#include <cstdlib>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/temporary_folder.h"

namespace sp::certs {
namespace {

std::vector<Host> hosts(std::initializer_list<std::string_view> texts) {
  std::vector<Host> all;
  for (const auto text : texts) all.push_back(*Host::parse(text));
  return all;
}

TEST_CASE("a request says what it asks for, and no more", "[certs]") {
  const testing::TemporaryFolder folder;
  const auto kind = GENERATE(KeyKind::p256, KeyKind::rsa2048);
  const auto key = new_key(kind);
  const auto wanted = hosts({"portal.example", "*.portal.example", "192.0.2.7", "2001:db8::1"});

  const auto pem = make_request(wanted, **key);

  REQUIRE(pem);
  const auto read = parse_request(*pem);
  REQUIRE(read);
  CHECK(read->hosts == wanted);
  CHECK(::EVP_PKEY_eq(read->key.get(), key->get()) == 1);
  REQUIRE(config::write_file(folder / "a.csr", bytes::of(*pem), 0644));
  const auto command = "openssl req -in '" + (folder / "a.csr").string() +
                       "' -noout -verify -text 2>/dev/null | grep -c 'X509v3' | grep -qx 3";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("a request that somebody changed is refused", "[certs]") {
  const auto key = new_key(KeyKind::p256);
  auto pem = *make_request(hosts({"portal.example"}), **key);
  auto& in_the_middle = pem[pem.size() / 2];
  in_the_middle = in_the_middle == 'A' ? 'B' : 'A';

  CHECK(parse_request(pem).error().code() == Code::invalid_input);
  CHECK(parse_request("").error().code() == Code::invalid_input);
  CHECK(make_request({}, **key).error().code() == Code::invalid_input);
}

}  // namespace
}  // namespace sp::certs
