#include "base/bytes/bytes.h"
#include "base/testing/catch.h"
#include "core/mail/mime.h"
#include "core/mail/template.h"

using namespace sp;
using namespace sp::mail;

namespace {

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}
Mail mail_to(std::string address, std::string subject) {
  return {{"core@example.org", "Sallyport"},
          {std::move(address), ""},
          std::move(subject),
          secret("Hello\nhttps://p.example/m/abc#def\n"),
          {}};
}
const Instant moment = from_millis(1'795'472'763'120);
Variables variables(std::string_view name, std::string_view value) {
  Variables out;
  out.emplace(std::string{name}, secret(value));
  return out;
}
bool contains(std::string_view whole, std::string_view part) {
  return whole.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a plain mail has its headers and CRLF line ends", "[mail]") {
  const auto mail = text(*mime(mail_to("to@example.org", "Subject"), "u1", moment));

  CHECK(contains(mail, "\r\nFrom: Sallyport <core@example.org>\r\nTo: <to@example.org>\r\n"));
  CHECK(contains(mail, "\r\nSubject: Subject\r\n"));
  CHECK(contains(mail, "Message-ID: <u1@example.org>\r\n"));
  CHECK(mail.starts_with("Date: "));
  CHECK(contains(mail, "\r\n\r\nHello\r\nhttps://p.example/m/abc#def\r\n"));
  CHECK_FALSE(contains(mail, "multipart"));
}

TEST_CASE("a mail with HTML has both forms", "[mail]") {
  auto letter = mail_to("to@example.org", "S");
  letter.html = secret("<p>=</p>");

  const auto mail = text(*mime(letter, "u1", moment));

  CHECK(contains(mail, "multipart/alternative; boundary=\"=_u1\""));
  CHECK(contains(mail, "Content-Type: text/plain; charset=utf-8"));
  CHECK(contains(mail, "<p>=3D</p>\r\n--=_u1--\r\n"));
}

TEST_CASE("nothing can be smuggled into headers or commands", "[mail]") {
  CHECK_FALSE(mime(mail_to("to@example.org", "S\r\nBcc: x@example.org"), "u", moment));
  CHECK_FALSE(mime(mail_to("to@example.org\r\nRCPT TO:<x@example.org>", "S"), "u", moment));
  for (const auto* bad : {"", "a", "@b", "a@", "a@b,c@d", "a b@c", "<a@b>", "a@b>", "a\n@b",
                          "a@b..c", ".a@b", "\xc3\xbc@example.org", "a@-b\x7f"})
    CHECK_FALSE(is_address(bad));
  CHECK(is_address("first.last+tag@mail.example.org"));
  CHECK(is_address("root@localhost"));
}

TEST_CASE("headers in other scripts are encoded without cutting a character", "[mail]") {
  CHECK(encoded_header("plain") == "plain");
  CHECK(encoded_header("Grüße") == "=?utf-8?B?R3LDvMOfZQ==?=");
  const auto long_one = encoded_header(std::string(44, 'x') + "日本語日本語");
  CHECK(contains(long_one, "?=\r\n =?utf-8?B?"));
  CHECK(encoded_header("=?utf-8?B?eA==?=").starts_with("=?utf-8?B?"));
}

TEST_CASE("long lines, trailing spaces and leading dots are quoted", "[mail]") {
  auto letter = mail_to("to@example.org", "S");
  letter.text = secret(std::string(200, 'a') + "\n.\nend \nü");

  const auto mail = text(*mime(letter, "u1", moment));

  CHECK(contains(mail, std::string(75, 'a') + "=\r\n"));
  CHECK(contains(mail, "\r\n=2E\r\nend=20\r\n=C3=BC\r\n"));
}

TEST_CASE("the date is that of RFC 5322", "[mail]") {
  CHECK(rfc5322_date(from_millis(0)) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(rfc5322_date(from_millis(1'800'000'000'000)) == "Fri, 15 Jan 2027 08:00:00 +0000");
}

TEST_CASE("variables are replaced once, whatever their case", "[mail]") {
  auto values = variables("ToFirstName", "[URL]");
  values.emplace("URL", secret("https://x"));

  CHECK(text(expand("Hi [tofirstname]: [URL] [Other] [", values, Markup::plain)) ==
        "Hi [URL]: https://x [Other] [");
}

TEST_CASE("values are escaped in HTML", "[mail]") {
  const auto html =
      expand("<b>[UserName]</b>", variables("UserName", "<script>\"&'"), Markup::html);

  CHECK(text(html) == "<b>&lt;script&gt;&quot;&amp;&#39;</b>");
}

TEST_CASE("of a sender's HTML only line breaks, bold and paragraphs stay", "[mail]") {
  CHECK(restricted_html("a<BR>b<b>c</b><p>d</p>") == "a<br>b<b>c</b><p>d</p>");
  CHECK(restricted_html("<img src=x onerror=y><br onclick=z>") ==
        "&lt;img src=x onerror=y&gt;&lt;br onclick=z&gt;");
}

TEST_CASE("every language has every template with its variables", "[mail]") {
  for (const auto* language : {"en", "de", "fr", "es", "ja"}) {
    INFO(language);
    const auto invite = default_template(Occasion::invite, language);
    CHECK(contains(invite.text, "[URL]"));
    CHECK(contains(invite.html, "[URL]"));
    CHECK(contains(invite.subject, "[UserName]"));
    for (const auto occasion :
         {Occasion::viewed, Occasion::destroyed_unread, Occasion::wrong_passphrase}) {
      const auto notice = default_template(occasion, language);
      CHECK(contains(notice.subject, "[Subject]"));
      CHECK(contains(notice.text, "[When]"));
      CHECK_FALSE(contains(notice.text, "[URL]"));
    }
  }
  CHECK(default_template(Occasion::invite, "xx").text ==
        default_template(Occasion::invite, "en").text);
}
