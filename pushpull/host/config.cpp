#include "pushpull/host/config.h"

#include <limits>

#include "base/http/proxy.h"

namespace sp::pushpull {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;
constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();

Listener listener(config::File& file, const std::string& table) {
  return {file.required_text(table + ".listen"), file.required_path(table + ".certificate"),
          file.required_path(table + ".key")};
}

void read_proxies(HostConfig& out, config::File& file) {
  for (const auto& text : file.texts("public.proxies")) {
    auto address = http::usual_address(text);
    if (address)
      out.proxies.push_back(*std::move(address));
    else
      file.refuse("public.proxies", "must be IP addresses, which " + text + " is not");
  }
  out.proxy_protocol = file.flag("public.proxy_protocol", false);
  if (out.proxy_protocol && out.proxies.empty())
    file.refuse("public.proxy_protocol",
                "needs public.proxies, the addresses that it is accepted from");
}

void read_limits(HostConfig& out, config::File& file) {
  const auto number = [&](const char* name, std::uint64_t otherwise, std::int64_t least) {
    return static_cast<std::uint64_t>(
        file.number(name, static_cast<std::int64_t>(otherwise), least, most));
  };
  auto& limits = out.limits;
  limits.connections = number("limits.connections", limits.connections, 1);
  limits.connections_per_address =
      number("limits.connections_per_address", limits.connections_per_address, 1);
  out.disk_reserve =
      number("limits.disk_reserve_mib", out.disk_reserve / mebibyte, 0) * std::uint64_t{mebibyte};
}

void read_certificates(HostConfig& out, config::File& file) {
  constexpr std::int64_t day = 86'400;
  out.certificate_poll = std::chrono::seconds{
      file.number("certificates.poll_seconds", out.certificate_poll.count(), 1, day)};
  out.renewed_by = file.text("certificates.renewed_by", "");
  if (out.renewed_by.size() > 100)
    file.refuse("certificates.renewed_by", "must be at most 100 bytes, a name such as certbot");
}

log::Level level(config::File& file) {
  const auto named = file.choice("log.level", {"debug", "info", "warning", "error"}, "info");
  if (named == "debug") return log::Level::debug;
  if (named == "warning") return log::Level::warning;
  return named == "error" ? log::Level::error : log::Level::info;
}

}  // namespace

HostConfig read_host_config(config::File& file) {
  HostConfig out;
  out.public_url = file.required_text("public.url");
  if (!out.public_url.starts_with("https://"))
    file.refuse("public.url", "must begin with https://");
  out.public_side = listener(file, "public");
  read_proxies(out, file);
  out.plain_http = file.text("public.http", "");
  out.intake = listener(file, "intake");
  out.directory = file.required_path("data.directory");
  read_limits(out, file);
  read_certificates(out, file);
  out.log_level = level(file);
  return out;
}

std::filesystem::path database_of(const HostConfig& config) {
  return config.directory / "edge.sqlite";
}

std::filesystem::path link_key_of(const HostConfig& config) {
  return config.directory / "link.key";
}

}  // namespace sp::pushpull
