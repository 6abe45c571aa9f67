#include <sys/stat.h>

#include <thread>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/socket_client.h"
#include "base/testing/temporary_folder.h"
#include "base/testing/test_identity.h"
#include "base/tls/certificate.h"
#include "base/tls/context.h"

namespace sp::tls {
namespace {

using testing::test_identity;

struct Offer {
  int least = TLS1_VERSION;
  int most = TLS1_3_VERSION;
  std::string_view ciphers{};
  std::string_view protocols{};
  const openssl::Digest* pin = nullptr;
};

struct Met {
  bool good = false;
  int version = 0;
  std::string protocol;
  long verdict = -1;
};

/// Both ends of a handshake in memory.
Met handshake(SSL_CTX* server_context, const Offer& offer) {
  const openssl::SslCtx client_context{::SSL_CTX_new(::TLS_client_method())};
  ::SSL_CTX_set_min_proto_version(client_context.get(), offer.least);
  ::SSL_CTX_set_max_proto_version(client_context.get(), offer.most);
  ::SSL_CTX_set_security_level(client_context.get(), 0);
  if (!offer.ciphers.empty())
    ::SSL_CTX_set_cipher_list(client_context.get(), std::string{offer.ciphers}.c_str());
  if (offer.pin != nullptr) REQUIRE(require_pin(client_context.get(), *offer.pin));
  const openssl::Ssl server{::SSL_new(server_context)};
  const openssl::Ssl client{::SSL_new(client_context.get())};
  if (!offer.protocols.empty())
    ::SSL_set_alpn_protos(client.get(),
                          reinterpret_cast<const unsigned char*>(offer.protocols.data()),
                          static_cast<unsigned>(offer.protocols.size()));
  BIO* near = nullptr;
  BIO* far = nullptr;
  REQUIRE(::BIO_new_bio_pair(&near, 0, &far, 0) == 1);
  ::SSL_set_bio(server.get(), near, near);
  ::SSL_set_bio(client.get(), far, far);
  ::SSL_set_accept_state(server.get());
  ::SSL_set_connect_state(client.get());
  Met met;
  for (int i = 0; i < 10 && !met.good; ++i) {
    const int a = ::SSL_do_handshake(client.get());
    const int b = ::SSL_do_handshake(server.get());
    met.good = a == 1 && b == 1;
  }
  met.version = ::SSL_version(client.get());
  met.verdict = ::SSL_get_verify_result(client.get());
  const unsigned char* protocol = nullptr;
  unsigned size = 0;
  ::SSL_get0_alpn_selected(client.get(), &protocol, &size);
  met.protocol.assign(reinterpret_cast<const char*>(protocol), size);
  static_cast<void>(openssl::failure("handshake"));  // empties the queue
  return met;
}

openssl::SslCtx public_context() {
  auto context = public_server(test_identity());
  REQUIRE(context);
  return *std::move(context);
}

TEST_CASE("the public side speaks TLS 1.2 with ECDHE and AEAD, and 1.3", "[tls]") {
  const auto context = public_context();

  CHECK(handshake(context.get(), {}).version == TLS1_3_VERSION);
  CHECK(handshake(context.get(), {.most = TLS1_2_VERSION}).version == TLS1_2_VERSION);
  CHECK_FALSE(handshake(context.get(), {.most = TLS1_1_VERSION}).good);
  CHECK_FALSE(
      handshake(context.get(), {.most = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"})
          .good);
  CHECK_FALSE(
      handshake(context.get(), {.most = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256"}).good);
}

TEST_CASE("the link speaks TLS 1.3 alone", "[tls]") {
  const auto context = link_server(test_identity());
  REQUIRE(context);

  CHECK(handshake(context->get(), {}).version == TLS1_3_VERSION);
  CHECK_FALSE(handshake(context->get(), {.most = TLS1_2_VERSION}).good);
}

TEST_CASE("http/1.1 is chosen, and a client without it is told", "[tls]") {
  const auto context = public_context();

  CHECK(handshake(context.get(), {.protocols = "\x02h2\x08http/1.1"}).protocol == "http/1.1");
  CHECK_FALSE(handshake(context.get(), {.protocols = "\x02h2"}).good);
  CHECK(handshake(context.get(), {}).good);
}

TEST_CASE("a pin accepts its key and nothing else", "[tls]") {
  const auto identity = test_identity();
  const auto context = public_server(identity);
  REQUIRE(context);
  const auto pin = spki_pin(**parse_certificate(identity.chain_pem));
  auto other = pin;
  other[31] ^= std::byte{1};

  const auto right = handshake(context->get(), {.pin = &pin});
  const auto wrong = handshake(context->get(), {.pin = &other});

  CHECK(right.good);
  CHECK(right.verdict == X509_V_OK);
  CHECK_FALSE(wrong.good);
  CHECK(wrong.verdict == X509_V_ERR_CERT_REJECTED);
}

TEST_CASE("a key of another certificate is refused in words", "[tls]") {
  auto mixed = test_identity();
  mixed.key_pem = test_identity().key_pem;

  const auto context = public_server(mixed);

  REQUIRE_FALSE(context);
  CHECK(context.error().code() == Code::invalid_input);
  CHECK(context.error().detail().find("does not belong to the certificate") != std::string::npos);
}

TEST_CASE("PEM that is none is refused in words", "[tls]") {
  auto no_certificate = test_identity();
  no_certificate.chain_pem = "-----BEGIN NOTHING-----";
  auto no_key = test_identity();
  no_key.key_pem = Secret::copy_of(bytes::of("nothing"));

  CHECK(public_server(no_certificate).error().code() == Code::invalid_input);
  CHECK(public_server(no_key).error().detail().find("without a passphrase") != std::string::npos);
}

TEST_CASE("an expired certificate is served all the same", "[tls]") {
  const auto context = public_server(test_identity(-30, -1));

  REQUIRE(context);
  CHECK(handshake(context->get(), {}).good);
}

TEST_CASE("a certificate says its names, its times and its pin", "[tls]") {
  const auto certificate = parse_certificate(test_identity(-1, 30).chain_pem);
  REQUIRE(certificate);

  CHECK(names(**certificate) == std::vector<std::string>{"127.0.0.1", "localhost"});
  const auto left = not_after(**certificate) - SystemClock{}.now();
  CHECK(left > std::chrono::hours{24 * 30 - 1});
  CHECK(left <= std::chrono::hours{24 * 30});
  CHECK(not_before(**certificate) < SystemClock{}.now());
}

TEST_CASE("an identity is loaded from files, and an open key refused", "[tls]") {
  const testing::TemporaryFolder folder;
  const auto identity = test_identity();
  REQUIRE(config::write_file(folder / "a.crt", bytes::of(identity.chain_pem), 0644));
  REQUIRE(config::write_file(folder / "a.key", identity.key_pem.expose(), 0600));

  const auto good = load_identity(folder / "a.crt", folder / "a.key");
  REQUIRE(::chmod((folder / "a.key").c_str(), 0640) == 0);
  const auto open = load_identity(folder / "a.crt", folder / "a.key");
  const auto missing = load_identity(folder / "b.crt", folder / "a.key");

  REQUIRE(good);
  CHECK(public_server(*good));
  CHECK(open.error().code() == Code::forbidden);
  CHECK(missing.error().code() == Code::not_found);
  CHECK(missing.error().detail().find("b.crt") != std::string::npos);
}

}  // namespace
}  // namespace sp::tls
