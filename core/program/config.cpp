#include "core/program/config.h"

#include <charconv>

#include "base/config/config.h"

namespace sp::core {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

// "127.0.0.1:8443", "[::1]:8443".
std::optional<Address> address_of(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Address address;
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  address.host = host;
  const auto port = listen.substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (failed != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  return address;
}

// "sqlite:core.sqlite" beside the file.
std::string database_of(const std::string& url, const std::filesystem::path& folder) {
  if (!url.starts_with(sqlite_scheme)) return url;
  const std::filesystem::path path = url.substr(sqlite_scheme.size());
  return std::string{sqlite_scheme} + (path.is_relative() ? folder / path : path).string();
}

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  return name == "error" ? log::Level::error : log::Level::info;
}

void read_site(config::File& file, Config& config) {
  config.site_url = file.text("site.url", "https://127.0.0.1:8443");
  while (config.site_url.ends_with('/')) config.site_url.pop_back();
  if (!config.site_url.starts_with("https://")) file.refuse("site.url", "must begin with https://");
  const auto address = address_of(file.text("site.listen", "127.0.0.1:8443"));
  if (!address) file.refuse("site.listen", "must be an address and a port: 127.0.0.1:8443");
  config.server.address = address.value_or(Address{}).host;
  config.server.port = address.value_or(Address{}).port;
  config.certificate = file.path("site.certificate", "core.crt");
  config.key = file.path("site.key", "core.key");
  config.server.threads = static_cast<std::size_t>(file.number("site.threads", 64, 4, 4096));
  if (file.has("site.web_root")) config.server.web_root = file.required_path("site.web_root");
}

void read_embedded(config::File& file, Config& config) {
  if (!file.has("embedded")) return;
  config.embedded_edge = file.text("embedded.edge", "embedded");
  api::Upstream upstream;
  upstream.url = file.required_text("embedded.upstream");
  if (!upstream.url.starts_with("https://"))
    file.refuse("embedded.upstream", "must begin with https://");
  upstream.certificate = file.required_path("embedded.certificate");
  upstream.forward_address = file.flag("embedded.forward_address", true);
  config.server.upstream = std::move(upstream);
}

void read_certificates(config::File& file, Config& config) {
  config.certificate_poll = std::chrono::seconds{
      file.number("certificates.poll_seconds", config.certificate_poll.count(), 1, 86'400)};
  config.renewed_by = file.text("certificates.renewed_by", "");
  if (config.renewed_by.size() > 100)
    file.refuse("certificates.renewed_by", "must be at most 100 bytes, a name such as certbot");
  if (file.has("certificates.site_ca")) config.site_ca = file.required_path("certificates.site_ca");
}

void read_metrics(config::File& file, Config& config) {
  if (!file.has("metrics")) return;
  const auto listen = file.required_text("metrics.listen");
  const auto address = address_of(listen);
  if (!address || (address->host != "127.0.0.1" && address->host != "::1"))
    file.refuse("metrics.listen", "must be 127.0.0.1 or [::1] with a port: 127.0.0.1:9464");
  config.metrics_listen = listen;
}

}  // namespace

Result<Config> read_config(const std::filesystem::path& path) {
  auto file = TRY(config::File::open(path));
  Config config;
  read_site(file, config);
  const auto folder = std::filesystem::absolute(path).parent_path();
  config.database_url = database_of(file.text("database.url", "sqlite:core.sqlite"), folder);
  config.database_connections =
      static_cast<std::size_t>(file.number("database.connections", 8, 1, 200));
  config.root_key = file.path("keys.root", "root.key");
  read_embedded(file, config);
  read_certificates(file, config);
  read_metrics(file, config);
  config.log_level =
      level_of(file.choice("log.level", {"debug", "info", "warning", "error"}, "info"));
  TRY(file.finish());
  return config;
}

}  // namespace sp::core
