#include "core/setup/words.h"

#include "base/setup/settings_text.h"

namespace sp::core {
namespace {

constexpr std::uint16_t first_free_port = 1024;

std::string where_database_is(const std::string& url) {
  const auto from = url.find("//");
  if (!url.starts_with("postgres") || from == std::string::npos) return {};
  auto place = url.substr(from + 2);
  place = place.substr(0, place.find_first_of("/?"));
  const auto user = place.rfind('@');
  if (user != std::string::npos) place = place.substr(user + 1);
  return place;
}

}  // namespace

std::string configuration(const std::string& text, const Standing& values) {
  auto out = text.empty() ? std::string{"# Made by sallyport-core setup; see "
                                        "sallyport-core(1). Yours to change.\n"}
                          : text;
  const auto set = [&](const char* table, const char* key, const std::string& value) {
    if (!value.empty()) out = setup::with_setting(out, table, key, value);
  };
  set("site", "url", values.url);
  set("site", "listen", values.listen);
  set("site", "certificate", values.certificate.string());
  set("site", "key", values.key.string());
  set("site", "web_root", values.web_root.string());
  set("database", "url", values.database);
  set("keys", "root", values.root_key.string());
  return out;
}

std::string firewall_words(const Standing& values, const std::string& mail_host,
                           const std::string& mail_port) {
  std::string out = "A firewall must allow\n  your users          -> " + values.listen +
                    " (TCP): web site and API\n"
                    "  this machine        -> each edge's intake, usually port 9443 (TCP)\n";
  if (!mail_host.empty())
    out += "  this machine        -> " + mail_host + " port " + mail_port + " (TCP): mail\n";
  const auto database = where_database_is(values.database);
  if (!database.empty())
    out += "  this machine        -> " + database + ", usually port 5432 (TCP): database\n";
  return out +
         "and nothing else. Nothing in the DMZ or outside may open a connection to this machine.\n";
}

std::string default_url(const std::string& host_name) {
  return "https://" + (host_name.empty() ? "localhost" : host_name) + ":8443";
}

std::string port_drop_in(std::uint16_t port) {
  if (port >= first_free_port) return {};
  return "# Made by sallyport-core setup: it listens on port " + std::to_string(port) +
         ".\n[Service]\nPrivateUsers=no\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"
         "AmbientCapabilities=CAP_NET_BIND_SERVICE\n";
}

}  // namespace sp::core
