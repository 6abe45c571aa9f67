#include "core/mail/smtp_words.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <cerrno>

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::mail;

namespace {

SmtpServer server() {
  SmtpServer out;
  out.host = "mail.example";
  out.user = "core";
  return out;
}
std::string words(const Trouble& trouble, const SmtpServer& at = server()) {
  return explain(at, trouble).detail();
}
Trouble refusal(CURLcode curl, Stage stage, int reply, std::string text = {}) {
  return {.curl = curl, .stage = stage, .reply = reply, .reply_text = std::move(text)};
}
bool contains(std::string_view whole, std::string_view part) {
  return whole.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a server that is not reached is named with what to look at", "[mail]") {
  CHECK(words({.curl = CURLE_COULDNT_CONNECT, .system_error = ECONNREFUSED}) ==
        "Could not connect to mail.example:587: nothing listens there. Is the mail server running, "
        "and is the port right?");
  CHECK(contains(words({.curl = CURLE_COULDNT_CONNECT, .system_error = EHOSTUNREACH}), "no way"));
  CHECK(words({.curl = CURLE_COULDNT_CONNECT}) ==
        "Could not connect to mail.example:587: is it running, and does a firewall allow it?");
  CHECK(contains(words({.curl = CURLE_OPERATION_TIMEDOUT}), "in time: does a firewall"));
  CHECK(words({.curl = CURLE_COULDNT_RESOLVE_HOST}) ==
        "The name mail.example was not found. Is the mail server's name right?");
}

TEST_CASE("a certificate that is not trusted says what would help", "[mail]") {
  const auto of = [](long verify, std::string ca = {}) {
    auto at = server();
    at.ca = std::move(ca);
    return words({.curl = CURLE_PEER_FAILED_VERIFICATION, .verify = verify}, at);
  };

  CHECK(contains(of(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), "add its certificate (PEM)"));
  CHECK(contains(of(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "a CA"),
                 "not from the certificate authority in the mail settings"));
  CHECK(contains(of(X509_V_ERR_CERT_HAS_EXPIRED), "has expired"));
  CHECK(contains(of(X509_V_ERR_CERT_NOT_YET_VALID), "clocks"));
  CHECK(contains(of(X509_V_ERR_HOSTNAME_MISMATCH), "for another name than mail.example"));
}

TEST_CASE("encryption that was asked for and is not there sends nothing", "[mail]") {
  const auto error = explain(server(), refusal(CURLE_USE_SSL_FAILED, Stage::hello, 250, "HELP"));

  CHECK(error.code() == Code::unavailable);
  CHECK(contains(error.detail(), "does not offer STARTTLS, so nothing was sent"));
  CHECK(contains(words(refusal(CURLE_USE_SSL_FAILED, Stage::starttls, 454, "not now")),
                 "refused STARTTLS: 454 \"not now\""));
  CHECK(contains(words({.curl = CURLE_SSL_CONNECT_ERROR}), "STARTTLS instead of TLS"));
}

TEST_CASE("a refused password is tried again, since other settings would mend it", "[mail]") {
  const auto error =
      explain(server(), refusal(CURLE_LOGIN_DENIED, Stage::authentication, 535, "bad hunter2"));

  CHECK(error.code() == Code::unavailable);
  CHECK(error.detail() ==
        "The mail server refused the user name or the password (535). Check both.");
  CHECK(contains(words(refusal(CURLE_LOGIN_DENIED, Stage::authentication, 454)), "tried again"));
  CHECK(contains(words(refusal(CURLE_SEND_ERROR, Stage::sender, 530, "5.7.0 sign in")),
                 "wants authentication"));
}

TEST_CASE("a refusal for good ends the tries and shows the reply", "[mail]") {
  const auto error =
      explain(server(), refusal(CURLE_SEND_ERROR, Stage::recipient, 550, "5.1.1 no such user"));

  CHECK(error.code() == Code::forbidden);
  CHECK(error.detail() == "The mail server refused the recipient: 550 \"5.1.1 no such user\".");
  CHECK(contains(words(refusal(CURLE_SEND_ERROR, Stage::sender, 553)), "the sender's address"));
}

TEST_CASE("a refusal for now, or before any mail, is tried again", "[mail]") {
  for (const auto& trouble : {refusal(CURLE_SEND_ERROR, Stage::recipient, 451, "grey"),
                              refusal(CURLE_WEIRD_SERVER_REPLY, Stage::greeting, 554, "go away"),
                              refusal(CURLE_RECV_ERROR, Stage::content, 354)})
    CHECK(explain(server(), trouble).code() == Code::unavailable);
}

TEST_CASE("what answers the mail itself is never quoted: it may hold the link", "[mail]") {
  CHECK(words(refusal(CURLE_RECV_ERROR, Stage::content, 554, "spam: https://p.example/m/a#b")) ==
        "The mail server refused the mail: 554.");
}

TEST_CASE("a server's words cannot break a line or leave their quotes", "[mail]") {
  CHECK(tamed("a\r\n\x1b[31mb\"\xff\xc3\xa9") == "a???[31mb????");
  CHECK(tamed(std::string(1000, 'x')).size() == 163);
}
