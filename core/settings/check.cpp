#include <algorithm>
#include <set>

#include "base/tls/certificate.h"
#include "core/settings/settings.h"

namespace sp::settings {
namespace {

constexpr std::array known_languages{std::string_view{"en"}, std::string_view{"de"},
                                     std::string_view{"fr"}, std::string_view{"es"},
                                     std::string_view{"ja"}};
constexpr std::size_t most_logo_size = std::size_t{64} << 10;
constexpr std::size_t most_authorities_size = std::size_t{64} << 10;
constexpr std::int64_t most_bytes = std::int64_t{100} << 20;

// Collects under a path.
class Findings {
 public:
  void unless(bool holds, std::string field, std::string detail) {
    if (!holds) all_.push_back({std::move(field), std::move(detail)});
  }
  std::vector<FieldError> take() { return std::move(all_); }

 private:
  std::vector<FieldError> all_;
};

bool plain_line(std::string_view text) {
  return bytes::is_utf8(text) && std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return c < 0x20 || c == 0x7f;
         });
}

bool looks_like_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254 &&
         text.find_first_of(" <>\",;") == std::string_view::npos && plain_line(text);
}

bool host_name(std::string_view text) {
  return text.size() <= 253 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':';
         });
}

void check(const Mail& mail, Findings& findings) {
  findings.unless(host_name(mail.host), "mail.host", "must be a host name or an address");
  findings.unless(mail.port > 0, "mail.port", "must be 1 to 65535");
  findings.unless(plain_line(mail.username) && mail.username.size() <= 254, "mail.username",
                  "must be one line");
  findings.unless(plain_line(mail.from_name) && mail.from_name.size() <= 100, "mail.from_name",
                  "must be one line of at most 100");
  findings.unless(mail.from.empty() || looks_like_address(mail.from), "mail.from",
                  "must be a mail address");
  findings.unless(mail.host.empty() || !mail.from.empty(), "mail.from",
                  "is needed when a mail server is set");
  const bool authorities =
      mail.ca_certificate.empty() || (mail.ca_certificate.size() <= most_authorities_size &&
                                      tls::parse_chain(mail.ca_certificate).has_value());
  findings.unless(authorities, "mail.ca_certificate",
                  "must be one or more certificates as PEM, at most 64 KiB");
}

void check(const Limits& limits, Findings& findings) {
  using std::chrono::hours;
  using std::chrono::minutes;
  findings.unless(limits.max_life >= minutes{1} && limits.max_life <= hours{24 * 366},
                  "limits.max_life", "must be 1m to 366d");
  findings.unless(limits.default_life >= minutes{1} && limits.default_life <= limits.max_life,
                  "limits.default_life", "must be at least 1m and no more than the longest life");
  findings.unless(limits.max_views >= 1 && limits.max_views <= 1000, "limits.max_views",
                  "must be 1 to 1000");
  findings.unless(limits.default_views >= 1 && limits.default_views <= limits.max_views,
                  "limits.default_views", "must be at least 1 and no more than the most views");
  findings.unless(limits.max_bytes >= 1024 && limits.max_bytes <= most_bytes, "limits.max_bytes",
                  "must be 1024 to 104857600");
}

void check(const Template& one, const std::string& path, bool with_link, Findings& findings) {
  findings.unless(plain_line(one.subject) && !one.subject.empty() && one.subject.size() <= 200,
                  path + ".subject", "must be one line of 1 to 200");
  findings.unless(!one.text.empty() && one.text.size() <= 20000 && bytes::is_utf8(one.text),
                  path + ".text", "must be 1 to 20000 long");
  findings.unless(one.html.size() <= 50000 && bytes::is_utf8(one.html), path + ".html",
                  "must be at most 50000 long");
  if (!with_link) return;
  findings.unless(one.text.find("[URL]") != std::string::npos, path + ".text",
                  "must contain [URL]");
  findings.unless(one.html.empty() || one.html.find("[URL]") != std::string::npos, path + ".html",
                  "must contain [URL]");
}

bool hex_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

// The first bytes decide; what a file says of itself is not believed.
bool is_picture(BytesView data, std::string_view type) {
  const auto head = bytes::text(data);
  if (type == "image/png") return head.starts_with("\x89PNG\r\n\x1a\n");
  if (type == "image/jpeg") return head.starts_with("\xff\xd8\xff");
  return type == "image/webp" && head.size() > 12 && head.starts_with("RIFF") &&
         head.substr(8, 4) == "WEBP";
}

void check(const Branding& branding, Findings& findings) {
  findings.unless(plain_line(branding.name) && !branding.name.empty() && branding.name.size() <= 80,
                  "branding.name", "must be one line of 1 to 80");
  findings.unless(hex_colour(branding.colour), "branding.colour", "must be of the form #2457c5");
  findings.unless(branding.help.size() <= 500 && bytes::is_utf8(branding.help), "branding.help",
                  "must be at most 500 long");
  findings.unless(branding.logo.size() <= most_logo_size, "branding.logo",
                  "must be at most 64 KiB");
  findings.unless(branding.logo.empty() || is_picture(branding.logo, branding.logo_type),
                  "branding.logo", "must be a PNG, JPEG or WebP picture of the given type");
}

void check_languages(const std::vector<std::string>& languages, Findings& findings) {
  const std::set<std::string> distinct{languages.begin(), languages.end()};
  const bool known = std::all_of(languages.begin(), languages.end(), [](const auto& language) {
    return std::find(known_languages.begin(), known_languages.end(), language) !=
           known_languages.end();
  });
  findings.unless(!languages.empty() && known && distinct.size() == languages.size(), "languages",
                  "must be one or more of en, de, fr, es, ja, each once");
}

}  // namespace

std::vector<FieldError> check(const Values& values) {
  Findings findings;
  check(values.mail, findings);
  check(values.limits, findings);
  for (std::size_t i = 0; i < template_count; ++i) {
    const auto kind = static_cast<TemplateKind>(i);
    check(values.templates[i], "templates." + std::string{name(kind)}, kind == TemplateKind::invite,
          findings);
  }
  check(values.branding, findings);
  check_languages(values.languages, findings);
  return findings.take();
}

}  // namespace sp::settings
