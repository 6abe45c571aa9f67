#include "core/mail/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/bytes/bytes.h"

namespace sp::mail {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool has_control(std::string_view text) {
  return std::ranges::any_of(text, is_control);
}
bool is_atom_character(char c) {
  constexpr std::string_view special = "!#$%&'*+/=?^_`{|}~-";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         special.find(c) != std::string_view::npos;
}
bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_dotted(std::string_view text, bool (*allowed)(char)) {
  while (true) {
    const auto dot = text.find('.');
    const auto part = text.substr(0, dot);
    if (part.empty() || !std::ranges::all_of(part, allowed)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// Bytes that are wiped, growing. A mail is a few KiB, so copying on growth costs nothing.
class Buffer {
 public:
  void add(std::string_view text) {
    if (used_ + text.size() > bytes_.size()) grow(used_ + text.size());
    std::ranges::copy(bytes::of(text), bytes_.expose_mutable().subspan(used_).begin());
    used_ += text.size();
  }
  Secret take() { return Secret::copy_of(bytes_.expose().first(used_)); }

 private:
  void grow(std::size_t least) {
    Secret larger{std::max<std::size_t>(least, 2 * bytes_.size() + 1024)};
    std::ranges::copy(bytes_.expose().first(used_), larger.expose_mutable().begin());
    bytes_ = std::move(larger);
  }
  Secret bytes_;
  std::size_t used_ = 0;
};

// Quoted-printable (RFC 2045, 6.7): lines of at most 76 characters, line ends as CRLF.
class QuotedPrintable {
 public:
  explicit QuotedPrintable(Buffer& out) : out_(out) {}

  void text(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
      if (c == '\n') {
        line_end();
        continue;
      }
      const bool before_line_end =
          i + 1 == text.size() || text[i + 1] == '\n' || text[i + 1] == '\r';
      const bool plain = (c >= 33 && c <= 126 && c != '=' && (c != '.' || column_ != 0)) ||
                         (c == ' ' && !before_line_end);
      if (plain)
        put({&c, 1});
      else
        put(escaped(c));
    }
    line_end();
  }

 private:
  static std::string escaped(char c) {
    return fmt::format("={:02X}", static_cast<unsigned char>(c));
  }
  void put(std::string_view piece) {
    if (column_ + piece.size() > 75) {
      out_.add("=\r\n");
      column_ = 0;
    }
    out_.add(piece);
    column_ += piece.size();
  }
  void line_end() {
    out_.add("\r\n");
    column_ = 0;
  }
  Buffer& out_;
  std::size_t column_ = 0;
};

void add_part(Buffer& out, std::string_view type, const Secret& body) {
  out.add("Content-Type: ");
  out.add(type);
  out.add("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
  QuotedPrintable{out}.text(bytes::text(body.expose()));
}

std::string header_of(const Mailbox& box) {
  if (box.name.empty()) return "<" + box.address + ">";
  const bool atoms =
      std::ranges::all_of(box.name, [](char c) { return is_atom_character(c) || c == ' '; });
  if (atoms && box.name.size() <= 60) return box.name + " <" + box.address + ">";
  // Names with dots, commas or quotes would need quoting rules of their own: encode them.
  std::string words;
  std::string_view rest = box.name;
  while (!rest.empty()) {
    auto count = std::min<std::size_t>(rest.size(), 45);
    while (count < rest.size() && (static_cast<unsigned char>(rest[count]) & 0xc0) == 0x80) --count;
    if (!words.empty()) words += "\r\n ";
    words += "=?utf-8?B?" + bytes::base64(bytes::of(rest.substr(0, count))) + "?=";
    rest.remove_prefix(count);
  }
  return words + " <" + box.address + ">";
}

Outcome check(const Mail& mail) {
  if (!is_address(mail.from.address)) return Error{Code::invalid_input, "mail: sender's address"};
  if (!is_address(mail.to.address)) return Error{Code::invalid_input, "mail: recipient's address"};
  for (const auto* text : {&mail.subject, &mail.from.name, &mail.to.name})
    if (has_control(*text) || !bytes::is_utf8(*text))
      return Error{Code::invalid_input, "mail: control characters in a header"};
  return {};
}

}  // namespace

bool is_address(std::string_view text) {
  if (text.size() > 254) return false;
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  return is_dotted(text.substr(0, at), is_atom_character) &&
         is_dotted(text.substr(at + 1), is_label_character);
}

std::string encoded_header(std::string_view text) {
  const bool plain = text.size() <= 60 && text.find("=?") == std::string_view::npos &&
                     std::ranges::all_of(text, [](char c) { return c >= 32 && c <= 126; });
  if (plain) return std::string{text};
  std::string out;
  while (!text.empty()) {
    auto count = std::min<std::size_t>(text.size(), 45);  // 45 bytes are 60 characters of base64
    while (count < text.size() && (static_cast<unsigned char>(text[count]) & 0xc0) == 0x80) --count;
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?B?" + bytes::base64(bytes::of(text.substr(0, count))) + "?=";
    text.remove_prefix(count);
  }
  return out;
}

std::string rfc5322_date(Instant at) {
  using namespace std::chrono;
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<seconds>(at - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

Result<Secret> mime(const Mail& mail, std::string_view unique, Instant at) {
  TRY(check(mail));
  const auto domain = mail.from.address.substr(mail.from.address.find('@') + 1);
  const std::string boundary = "=_" + std::string{unique};
  Buffer out;
  out.add("Date: " + rfc5322_date(at) + "\r\n");
  out.add("Message-ID: <" + std::string{unique} + "@" + domain + ">\r\n");
  out.add("From: " + header_of(mail.from) + "\r\n");
  out.add("To: " + header_of(mail.to) + "\r\n");
  out.add("Subject: " + encoded_header(mail.subject) + "\r\n");
  out.add("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
  if (mail.html.empty()) {
    add_part(out, "text/plain", mail.text);
    return out.take();
  }
  out.add("Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n");
  out.add("--" + boundary + "\r\n");
  add_part(out, "text/plain", mail.text);
  out.add("--" + boundary + "\r\n");
  add_part(out, "text/html", mail.html);
  out.add("--" + boundary + "--\r\n");
  return out.take();
}

}  // namespace sp::mail
