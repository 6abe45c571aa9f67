#include "core/mail/smtp_words.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cerrno>

namespace sp::mail {
namespace {

constexpr std::size_t longest_reply = 160;
constexpr int authentication_required = 530;

bool is_for_good(int reply) {
  return reply >= 500 && reply < 600;
}

std::string place(const SmtpServer& server) {
  const bool ipv6 = server.host.find(':') != std::string::npos;
  return (ipv6 ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port);
}

// `550 "5.1.1 no such user"`. What answers a password or a mail may quote it: then the code must
// do.
std::string reply_of(const Trouble& trouble) {
  const auto code = std::to_string(trouble.reply);
  const bool may_quote = trouble.stage == Stage::authentication || trouble.stage == Stage::content;
  if (may_quote || trouble.reply_text.empty()) return code;
  return code + " \"" + tamed(trouble.reply_text) + "\"";
}

std::string not_connected(const SmtpServer& server, const Trouble& trouble) {
  const auto start = "Could not connect to " + place(server) + ": ";
  switch (trouble.system_error) {
    case ECONNREFUSED:
      return start + "nothing listens there. Is the mail server running, and is the port right?";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return start + "there is no way to it from here. Check the network and its firewalls.";
    default:
      return start + "is it running, and does a firewall allow it?";
  }
}

std::string not_in_time(const SmtpServer& server, const Trouble& trouble) {
  if (trouble.reply == 0)
    return "Could not connect to " + place(server) +
           " in time: does a firewall allow it, and are the port and the connection (TLS, "
           "STARTTLS) right?";
  return "The mail server " + place(server) + " stopped answering. It will be tried again.";
}

std::string untrusted(const SmtpServer& server, const Trouble& trouble) {
  const auto start = "The certificate of " + place(server) + " ";
  switch (trouble.verify) {
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:  // libcurl checks names itself, and leaves this when one is wrong
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return start + "is for another name than " + server.host +
             ". Set the name that stands in the certificate as mail server.";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return start + "has expired. Renew it on the mail server.";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return start + "is not valid yet. Check the clocks of both machines.";
    default:
      break;
  }
  if (server.ca.empty())
    return start +
           "is not from an authority that this machine trusts. If the mail server has an internal "
           "one, add its certificate (PEM) to the mail settings.";
  return start + "is not from the certificate authority in the mail settings.";
}

std::string no_tls(const SmtpServer& server, const Trouble& trouble) {
  if (trouble.stage == Stage::starttls)
    return "The mail server " + place(server) + " refused STARTTLS: " + reply_of(trouble) +
           ". Nothing was sent.";
  return "The mail server " + place(server) +
         " does not offer STARTTLS, so nothing was sent. Choose TLS, or no encryption if it is on "
         "this machine.";
}

std::string no_handshake(const SmtpServer& server) {
  return "No TLS with " + place(server) +
         ": it may want STARTTLS instead of TLS, or know no TLS 1.2. Check port and connection.";
}

std::string not_signed_in(const SmtpServer& server, const Trouble& trouble) {
  if (server.user.empty() || trouble.reply == authentication_required)
    return "The mail server wants authentication (" + reply_of(trouble) +
           "): set a user name and a password.";
  if (trouble.stage != Stage::authentication)
    return "The mail server offers no way of authentication that is known here.";
  if (!is_for_good(trouble.reply))
    return "The mail server cannot check the password now (" + reply_of(trouble) +
           "). It will be tried again.";
  return "The mail server refused the user name or the password (" + reply_of(trouble) +
         "). Check both.";
}

std::string_view what_was_refused(Stage stage) {
  switch (stage) {
    case Stage::sender:
      return "the sender's address";
    case Stage::recipient:
      return "the recipient";
    case Stage::content:
      return "the mail";
    default:
      return "the connection";
  }
}

std::string refused(const Trouble& trouble) {
  const auto what = std::string{what_was_refused(trouble.stage)};
  if (is_for_good(trouble.reply))
    return "The mail server refused " + what + ": " + reply_of(trouble) + ".";
  return "The mail server does not take " + what + " now: " + reply_of(trouble) +
         ". It will be tried again.";
}

bool is_refusal(const Trouble& trouble) {
  return trouble.reply >= 400 && trouble.reply < 600;
}

std::string anything_else(const SmtpServer& server, const Trouble& trouble) {
  if (is_refusal(trouble)) return refused(trouble);
  const auto number = " (curl " + std::to_string(trouble.curl) + ").";
  if (trouble.reply == 0)
    return "What answers at " + place(server) + " is no mail server, or wants TLS from the start" +
           number;
  return "The connection to " + place(server) + " broke" + number;
}

std::string sentence(const SmtpServer& server, const Trouble& trouble) {
  switch (trouble.curl) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "The name " + server.host + " was not found. Is the mail server's name right?";
    case CURLE_COULDNT_CONNECT:
      return not_connected(server, trouble);
    case CURLE_OPERATION_TIMEDOUT:
      return not_in_time(server, trouble);
    case CURLE_PEER_FAILED_VERIFICATION:
      return untrusted(server, trouble);
    case CURLE_SSL_CACERT_BADFILE:
      return "The certificate authority in the mail settings cannot be used. Paste it as PEM.";
    case CURLE_USE_SSL_FAILED:
      return no_tls(server, trouble);
    case CURLE_SSL_CONNECT_ERROR:
      return no_handshake(server);
    case CURLE_LOGIN_DENIED:
      return not_signed_in(server, trouble);
    default:
      break;
  }
  if (trouble.reply == authentication_required) return not_signed_in(server, trouble);
  return anything_else(server, trouble);
}

}  // namespace

std::string tamed(std::string_view text) {
  std::string out{text.substr(0, longest_reply)};
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~' || c == '"'; }, '?');
  if (text.size() > longest_reply) out += "...";
  return out;
}

Error explain(const SmtpServer& server, const Trouble& trouble) {
  const bool about_this_mail = trouble.stage >= Stage::sender && is_for_good(trouble.reply) &&
                               trouble.reply != authentication_required &&
                               trouble.curl != CURLE_OPERATION_TIMEDOUT;
  return Error{about_this_mail ? Code::forbidden : Code::unavailable, sentence(server, trouble)};
}

}  // namespace sp::mail
