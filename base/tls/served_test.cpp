// Certificates that a test makes, put in place of one that is served.
#include "base/tls/served.h"

#include <atomic>
#include <thread>

#include "base/bytes/bytes.h"
#include "base/config/files.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"
#include "base/testing/test_identity.h"
#include "base/tls/self_check.h"

namespace sp::tls {
namespace {

using testing::test_identity;

const SystemClock clock_of_this_machine;

/// The two files of a listener.
struct Files {
  testing::TemporaryFolder folder;
  std::filesystem::path chain = folder / "a.crt", key = folder / "a.key";
  explicit Files(const Identity& identity) { put(identity); }
  void put(const Identity& identity) const {
    REQUIRE(config::write_file(chain, bytes::of(identity.chain_pem), 0644));
    REQUIRE(config::write_file(key, identity.key_pem.expose(), 0600));
  }
  [[nodiscard]] ServedOptions options(std::string host = "127.0.0.1") const {
    return {.chain = chain, .key = key, .role = Role::public_server, .host = std::move(host)};
  }
};

openssl::Digest fingerprint_of(const Identity& identity) {
  return facts(**parse_certificate(identity.chain_pem)).fingerprint;
}
bool says(const Outcome& outcome, std::string_view text) {
  return !outcome && outcome.error().detail().find(text) != std::string::npos;
}
Outcome checked(const Identity& identity, std::string host = {}) {
  return self_check(identity, {Role::public_server, std::move(host), clock_of_this_machine.now()});
}

/// Both ends of a handshake in memory; the client offers `resumed` if there is one.
struct Meeting {
  bool good = false, reused = false;
  openssl::Digest fingerprint{};
  std::unique_ptr<SSL_SESSION, openssl::Freer<::SSL_SESSION_free>> session;
};
Meeting meet(SSL_CTX& server_context, SSL_CTX& client_context, SSL_SESSION* resumed = nullptr) {
  const openssl::Ssl server{::SSL_new(&server_context)};
  const openssl::Ssl client{::SSL_new(&client_context)};
  if (resumed != nullptr) ::SSL_set_session(client.get(), resumed);
  BIO* near = nullptr;
  BIO* far = nullptr;
  Meeting met;
  if (::BIO_new_bio_pair(&near, 0, &far, 0) != 1) return met;
  ::SSL_set_bio(server.get(), near, near);
  ::SSL_set_bio(client.get(), far, far);
  ::SSL_set_accept_state(server.get());
  ::SSL_set_connect_state(client.get());
  for (int i = 0; i < 10 && !met.good; ++i) {
    const int a = ::SSL_do_handshake(client.get());
    const int b = ::SSL_do_handshake(server.get());
    met.good = a == 1 && b == 1;
  }
  char byte = 'x';  // tickets come with the first read
  ::SSL_write(server.get(), &byte, 1);
  ::SSL_read(client.get(), &byte, 1);
  met.reused = ::SSL_session_reused(client.get()) == 1;
  met.session.reset(::SSL_get1_session(client.get()));
  if (const openssl::Cert leaf{::SSL_get1_peer_certificate(client.get())})
    met.fingerprint = facts(*leaf).fingerprint;
  ::SSL_shutdown(client.get());  // a session whose connection was cut is not offered again
  static_cast<void>(openssl::failure("handshake"));
  return met;
}
openssl::SslCtx any_client() {
  return openssl::SslCtx{::SSL_CTX_new(::TLS_client_method())};
}

TEST_CASE("a certificate covers its names, whatever their case, and one label of a wildcard",
          "[tls]") {
  const std::vector<std::string> names{"portal.example", "*.apps.example", "192.0.2.1",
                                       "2001:db8::1"};

  CHECK(covers(names, "PORTAL.example"));
  CHECK(covers(names, "portal.example."));
  CHECK(covers(names, "a.apps.example"));
  CHECK(covers(names, "192.0.2.1"));
  CHECK(covers(names, "2001:0db8:0::1"));
  CHECK_FALSE(covers(names, "a.b.apps.example"));
  CHECK_FALSE(covers(names, "apps.example"));
  CHECK_FALSE(covers(names, ".apps.example"));
  CHECK_FALSE(covers(names, "192.0.2.2"));
  CHECK_FALSE(covers({"*.0.2.1"}, "192.0.2.1"));
  CHECK_FALSE(covers({}, "portal.example"));
}

TEST_CASE("the host of a URL is found whatever follows it", "[tls]") {
  CHECK(host_of("https://core.example") == "core.example");
  CHECK(host_of("https://core.example:8443/a") == "core.example");
  CHECK(host_of("https://core.example/self:destruct") == "core.example");
  CHECK(host_of("https://[2001:db8::1]:8443") == "2001:db8::1");
  CHECK(host_of("http://core.example").empty());
}

TEST_CASE("a listener follows other files, and stays with its own when those are wrong", "[tls]") {
  const auto first = test_identity();
  const auto second = test_identity();
  const auto third = test_identity();
  const Files own{first};
  const Files others{second};
  const Files expired{test_identity(-20, -10)};
  const auto served = *Served::open(own.options(), clock_of_this_machine);

  CHECK(says(served->follow(expired.chain, expired.key), "expired"));
  CHECK(served->facts().fingerprint == fingerprint_of(first));
  CHECK_FALSE(served->poll().has_value());
  REQUIRE(served->follow(others.chain, others.key));
  CHECK(served->facts().fingerprint == fingerprint_of(second));
  own.put(third);
  REQUIRE(served->reload());
  CHECK(served->facts().fingerprint == fingerprint_of(second));
}

TEST_CASE("what is good passes the self-check", "[tls]") {
  CHECK(checked(test_identity()));
  CHECK(checked(test_identity(), "localhost"));
}

TEST_CASE("each thing that is wrong is found and said in words", "[tls]") {
  auto mixed = test_identity();
  mixed.key_pem = test_identity().key_pem;
  auto disordered = test_identity();
  disordered.chain_pem += test_identity().chain_pem;
  auto none = test_identity();
  none.chain_pem = "-----BEGIN NOTHING-----";

  CHECK(says(checked(mixed), "does not belong to the certificate"));
  CHECK(says(checked(disordered), "is not issued by"));
  CHECK(says(checked(none), "read certificate"));
  CHECK(says(checked(test_identity(-30, -1)), "expired at"));
  CHECK(says(checked(test_identity(1, 30)), "is not valid before"));
  CHECK(says(checked(test_identity(), "other.example"), "clients ask for other.example"));
}

TEST_CASE("a new certificate in the files is shown from the next connection on", "[tls]") {
  const auto first = test_identity();
  const auto second = test_identity();
  const Files files{first};
  const auto served = Served::open(files.options(), clock_of_this_machine);
  REQUIRE(served);
  const auto server = (*served)->context();
  const auto client = any_client();

  const auto before = meet(**server, *client);
  const auto nothing = (*served)->poll();
  files.put(second);
  const auto found = (*served)->poll();
  const auto after = meet(**server, *client);

  CHECK(before.fingerprint == fingerprint_of(first));
  CHECK_FALSE(nothing.has_value());
  REQUIRE(found.has_value());
  CHECK(*found);
  CHECK(after.fingerprint == fingerprint_of(second));
  CHECK((*served)->facts().fingerprint == fingerprint_of(second));
}

TEST_CASE("a bad certificate in the files is refused, told once, and the old one kept", "[tls]") {
  const auto first = test_identity();
  const Files files{first};
  const auto served = Served::open(files.options(), clock_of_this_machine);
  REQUIRE(served);

  files.put(test_identity(-30, -1));
  const auto expired = (*served)->poll();
  const auto again = (*served)->poll();
  REQUIRE(config::write_file(files.chain, bytes::of("nothing"), 0644));
  const auto broken = (*served)->poll();
  std::filesystem::remove(files.chain);
  const auto gone = (*served)->reload();

  REQUIRE(expired.has_value());
  CHECK(says(*expired, "expired at"));
  CHECK_FALSE(again.has_value());
  REQUIRE(broken.has_value());
  CHECK(says(*broken, "read certificate"));
  CHECK(gone.error().code() == Code::not_found);
  CHECK((*served)->facts().fingerprint == fingerprint_of(first));
}

TEST_CASE("a certificate whose key comes a moment later is taken then", "[tls]") {
  const auto second = test_identity();
  const Files files{test_identity()};
  const auto served = Served::open(files.options(), clock_of_this_machine);
  REQUIRE(served);

  REQUIRE(config::write_file(files.chain, bytes::of(second.chain_pem), 0644));
  const auto half = (*served)->poll();
  REQUIRE(config::write_file(files.key, second.key_pem.expose(), 0600));
  const auto whole = (*served)->poll();

  REQUIRE(half.has_value());
  CHECK_FALSE(*half);
  REQUIRE(whole.has_value());
  CHECK(*whole);
  CHECK((*served)->facts().fingerprint == fingerprint_of(second));
}

TEST_CASE("what is not valid yet is taken once it is, without a further change", "[tls]") {
  testing::ManualClock clock{clock_of_this_machine.now()};
  const auto later = test_identity(1, 30);
  const Files files{test_identity(-1, 90)};
  const auto served = Served::open(files.options(), clock);
  REQUIRE(served);

  files.put(later);
  const auto early = (*served)->poll();
  clock.advance(std::chrono::hours{48});
  const auto due = (*served)->poll();

  REQUIRE(early.has_value());
  CHECK(says(*early, "is not valid before"));
  REQUIRE(due.has_value());
  CHECK(*due);
}

TEST_CASE("names are asked of a new certificate where the old one has them", "[tls]") {
  const Files files{test_identity()};
  const auto behind_proxy = Served::open(files.options("portal.example"), clock_of_this_machine);
  const auto direct = Served::open(files.options("localhost"), clock_of_this_machine);
  REQUIRE(behind_proxy);
  REQUIRE(direct);

  files.put(test_identity(-1, 30, "DNS:other.example"));

  CHECK((*behind_proxy)->reload());
  CHECK(says((*direct)->reload(), "clients ask for localhost"));
}

TEST_CASE("an expired certificate starts, and gives way to a good one", "[tls]") {
  const Files files{test_identity(-30, -1)};
  const auto served = Served::open(files.options(), clock_of_this_machine);
  REQUIRE(served);
  const auto server = (*served)->context();

  CHECK(meet(**server, *any_client()).good);
  files.put(test_identity());

  CHECK((*served)->reload());
}

TEST_CASE("a pinned key stays", "[tls]") {
  const auto first = test_identity();
  const Files files{first};
  auto options = files.options();
  options.role = Role::link_server;
  options.same_key = true;
  const auto served = Served::open(options, clock_of_this_machine);
  REQUIRE(served);

  files.put(test_identity());

  CHECK((*served)->reload().error().code() == Code::conflict);
  CHECK((*served)->facts().fingerprint == fingerprint_of(first));
}

TEST_CASE("the link resumes no session, the public side does", "[tls]") {
  const auto shown = ShownCertificate::of(test_identity());
  REQUIRE(shown);
  const auto link = link_server(*shown);
  const auto open = public_server(*shown);
  const auto client = any_client();

  const auto first_link = meet(**link, *client);
  const auto second_link = meet(**link, *client, first_link.session.get());
  const auto first_open = meet(**open, *client);
  const auto second_open = meet(**open, *client, first_open.session.get());

  CHECK(first_link.good);
  CHECK(::SSL_SESSION_has_ticket(first_link.session.get()) == 0);
  CHECK(second_link.good);
  CHECK_FALSE(second_link.reused);
  CHECK(second_open.reused);
}

TEST_CASE("a session ends with the authority of its certificate", "[tls]") {
  const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto other = test_identity();
  const auto shown = ShownCertificate::of(test_identity());
  REQUIRE(shown);
  const auto server = public_server(*shown);
  const auto client = any_client();
  ::SSL_CTX_set_max_proto_version(client.get(), version);

  const auto first = meet(**server, *client);
  const auto resumed = meet(**server, *client, first.session.get());
  REQUIRE((*shown)->replace(other));
  const auto after = meet(**server, *client, first.session.get());
  const auto again = meet(**server, *client, after.session.get());

  CHECK(resumed.reused);
  CHECK(after.good);
  CHECK_FALSE(after.reused);
  CHECK(after.fingerprint == fingerprint_of(other));
  CHECK(again.reused);
}

TEST_CASE("certificates change under handshakes and none fails", "[tls]") {
  const auto shown = ShownCertificate::of(test_identity());
  REQUIRE(shown);
  const auto server = public_server(*shown);
  const auto a = test_identity();
  const auto b = test_identity();
  std::atomic<int> failed = 0, done = 0;
  std::atomic<bool> over = false;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 2; ++i)
    clients.emplace_back([&] {
      const auto client = any_client();
      while (!over) {
        if (!meet(**server, *client).good) ++failed;
        ++done;
      }
    });

  int replaced = 0;
  for (; replaced < 200 || done < 100; ++replaced)
    REQUIRE((*shown)->replace(replaced % 2 == 0 ? a : b));
  over = true;
  clients.clear();

  CHECK(failed == 0);
  CHECK(done >= 100);
}

}  // namespace
}  // namespace sp::tls
