#pragma once
// An edge's folder and database, and an authority, for tests of what handles ordered certificates.

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/random/random.h"
#include "base/sqlite/writer.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "base/testing/temporary_folder.h"
#include "base/tls/request.h"
#include "pushpull/inbox/inbox.h"
#include "pushpull/ordering/delivery.h"

namespace sp::pushpull::testing {

/// What stands behind the handler.
struct Nobody final : ItemHandler {
  Outcome apply(sqlite::Database&, const Item& item) override {
    passed_on += item.kind + ";";
    return {};
  }
  Result<std::vector<Hash>> resync(sqlite::Database&) override { return std::vector<Hash>{}; }
  Result<std::uint64_t> holds(sqlite::Database&) override { return 0; }
  std::string passed_on;
};

/// A chain of an authority that certifies whatever key it is shown. `names` as OpenSSL reads a list
/// of alternative names; null: without any.
inline std::string certify(EVP_PKEY& key, const char* names, int days_to = 30) {
  const openssl::Pkey root{::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
  const openssl::Cert cert{::X509_new()};
  ::X509_set_version(cert.get(), X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(cert.get()), 4711);
  ::X509_gmtime_adj(X509_getm_notBefore(cert.get()), -86400L * 40);
  ::X509_gmtime_adj(X509_getm_notAfter(cert.get()), 86400L * days_to);
  ::X509_set_pubkey(cert.get(), &key);
  if (names != nullptr) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, cert.get(), cert.get(), nullptr, nullptr, 0);
    auto* extension = ::X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, names);
    ::X509_add_ext(cert.get(), extension, -1);
    ::X509_EXTENSION_free(extension);
  }
  ::X509_sign(cert.get(), root.get(), ::EVP_sha256());
  const openssl::Bio out{::BIO_new(::BIO_s_mem())};
  ::PEM_write_bio_X509(out.get(), cert.get());
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

inline OrderId order(int number) {
  OrderId out;
  out.fill(static_cast<std::byte>(number));
  return out;
}

struct Bed {
  Bed() {
    OsRandom random;
    REQUIRE(writer.run([&](sqlite::Database& db) { return create_inbox(db, random); }));
  }
  Outcome apply(ItemHandler& handler, std::string_view kind, const Bytes& body) {
    return writer.run([&](sqlite::Database& db) {
      return handler.apply(db, Item{1, std::string{kind}, {}, body});
    });
  }
  std::vector<Event> events() {
    std::vector<Event> out;
    REQUIRE(writer.run([&](sqlite::Database& db) -> Outcome {
      out = TRY(read_events(db, 0, 1U << 20U)).events;
      return {};
    }));
    return out;
  }
  /// Shows what came as often as it is told, with `show` for an answer.
  Outcome shows() {
    ++shown;
    return show;
  }

  sp::testing::TemporaryFolder folder;
  sp::testing::ManualClock clock{SystemClock{}.now()};
  sqlite::Writer writer{*sqlite::Database::open((folder / "edge.sqlite").string())};
  Nobody rest;
  int shown = 0;
  Outcome show{};
};

}  // namespace sp::pushpull::testing
