#include "core/mail/smtp.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/bytes/bytes.h"
#include "core/mail/smtp_words.h"

namespace sp::mail {
namespace {

struct FreeEasy {
  void operator()(CURL* easy) const noexcept { ::curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

std::size_t read_mail(char* out, std::size_t size, std::size_t count, void* user) {
  auto& rest = *static_cast<BytesView*>(user);
  const auto take = std::min(size * count, rest.size());
  std::ranges::copy(rest.first(take), reinterpret_cast<std::byte*>(out));
  rest = rest.subspan(take);
  return take;
}
std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

Stage stage_of(std::string_view command, Stage now) {
  struct Verb {
    std::string_view name;
    Stage stage;
  };
  constexpr std::array verbs{
      Verb{"EHLO ", Stage::hello},         Verb{"HELO ", Stage::hello},
      Verb{"STARTTLS\r", Stage::starttls}, Verb{"AUTH ", Stage::authentication},
      Verb{"MAIL FROM:", Stage::sender},   Verb{"RCPT TO:", Stage::recipient},
      Verb{"DATA\r", Stage::content}};
  for (const auto& verb : verbs)
    if (command.starts_with(verb.name)) return verb.stage;
  return now;  // a further line of AUTH
}

// One line of a reply: three digits, then a space on its last line.
void note_reply(std::string_view line, Trouble& trouble) {
  const auto digit = [&](std::size_t at) { return line[at] >= '0' && line[at] <= '9'; };
  if (line.size() < 3 || !digit(0) || !digit(1) || !digit(2)) return;
  trouble.reply = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  trouble.reply_text = line.substr(std::min<std::size_t>(4, line.size()));
}

struct Listener {
  Trouble trouble;
  bool over = false;  // what answers QUIT says nothing of what went wrong before
};

// libcurl tells each command and each line of a reply here; nothing of it is kept but the stage and
// the last line that the server said.
int listen(CURL*, curl_infotype kind, char* data, std::size_t size, void* user) {
  auto& listener = *static_cast<Listener*>(user);
  const std::string_view text{data, size};
  if (kind == CURLINFO_HEADER_OUT) {
    listener.over = text.starts_with("QUIT\r");
    listener.trouble.stage = stage_of(text, listener.trouble.stage);
  }
  if (kind == CURLINFO_HEADER_IN && !listener.over) note_reply(text, listener.trouble);
  return 0;
}

Easy make_easy() {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
  return Easy{::curl_easy_init()};
}

void set_server(CURL* easy, const SmtpServer& server) {
  const std::string scheme = server.security == Security::tls ? "smtps://" : "smtp://";
  const bool ipv6 = server.host.find(':') != std::string::npos;
  const auto host = ipv6 ? "[" + server.host + "]" : server.host;
  const auto url = scheme + host + ":" + std::to_string(server.port);
  ::curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  ::curl_easy_setopt(
      easy, CURLOPT_USE_SSL,
      server.security == Security::none ? long{CURLUSESSL_NONE} : long{CURLUSESSL_ALL});
  ::curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  ::curl_easy_setopt(easy, CURLOPT_TIMEOUT, static_cast<long>(server.timeout.count()));
  ::curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 10L);
  ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
}

// These authorities alone.
void set_authorities(CURL* easy, std::string_view pem) {
  if (pem.empty()) return;
  std::string text{pem};
  curl_blob blob{text.data(), text.size(), CURL_BLOB_COPY};
  ::curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
  ::curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  ::curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

// libcurl wants the password as a C string: it lives here for the length of the call.
void set_credentials(CURL* easy, const SmtpServer& server) {
  if (server.user.empty()) return;
  Secret terminated{server.password.size() + 1};
  std::ranges::copy(server.password.expose(), terminated.expose_mutable().begin());
  ::curl_easy_setopt(easy, CURLOPT_USERNAME, server.user.c_str());
  ::curl_easy_setopt(easy, CURLOPT_PASSWORD,
                     reinterpret_cast<const char*>(terminated.expose().data()));
}

void set_mail(CURL* easy, BytesView& rest) {
  ::curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_mail);
  ::curl_easy_setopt(easy, CURLOPT_READDATA, &rest);
  ::curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
  ::curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
}

Outcome perform(CURL* easy, const SmtpServer& server) {
  Listener listener;
  auto& trouble = listener.trouble;
  ::curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
  ::curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, listen);
  ::curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &listener);
  const auto result = ::curl_easy_perform(easy);
  long system_error = 0;
  ::curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
  ::curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &trouble.verify);
  ::curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);  // what is said from here on has no listener
  if (result == CURLE_OK) return {};
  trouble.curl = result;
  trouble.system_error = static_cast<int>(system_error);
  return explain(server, trouble);
}

}  // namespace

Outcome SmtpTransport::deliver(const SmtpServer& server, const std::string& from,
                               const std::string& to, const Secret& mail) {
  const auto easy = make_easy();
  if (!easy) return Error{Code::unavailable, "There is no memory to send a mail."};
  set_server(easy.get(), server);
  set_authorities(easy.get(), server.ca);
  set_credentials(easy.get(), server);
  const auto sender = "<" + from + ">";
  const List recipients{::curl_slist_append(nullptr, ("<" + to + ">").c_str())};
  ::curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, sender.c_str());
  ::curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
  BytesView rest = mail.expose();
  set_mail(easy.get(), rest);
  return perform(easy.get(), server);
}

}  // namespace sp::mail
