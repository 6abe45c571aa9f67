#include "edge-gateway/program/config.h"

namespace sp::edge_gateway {
namespace {

constexpr std::int64_t most_sessions = 10'000;

void read_networks(TargetPolicy& out, config::File& file) {
  for (const auto& text : file.texts("policy.networks")) {
    auto network = Network::parse(text);
    if (network)
      out.networks.push_back(*network);
    else
      file.refuse("policy.networks",
                  "must be networks such as 10.1.0.0/16, which " + text + " is not");
  }
}

// Texts, as everything in a list of settings is: "22", "2222".
void read_ports(TargetPolicy& out, config::File& file) {
  if (!file.has("policy.ports")) return;
  out.ports.clear();
  for (const auto& text : file.texts("policy.ports")) {
    if (const auto port = port_of(text))
      out.ports.push_back(*port);
    else
      file.refuse("policy.ports", "must be ports in quotes, such as \"22\"");
  }
}

void read_limits(Config& out, config::File& file) {
  const auto number = [&](const char* name, std::size_t otherwise) {
    return static_cast<std::size_t>(
        file.number(name, static_cast<std::int64_t>(otherwise), 1, most_sessions));
  };
  out.sessions.sessions = number("limits.sessions", out.sessions.sessions);
  out.sessions.sessions_per_user =
      number("limits.sessions_per_user", out.sessions.sessions_per_user);
  out.sessions.sessions_per_source =
      number("limits.sessions_per_source", out.sessions.sessions_per_source);
  constexpr std::int64_t most_hours = 24 * 31;
  out.rules.longest = std::chrono::hours{file.number("limits.session_hours", 24, 1, most_hours)};
  out.tries.burst =
      static_cast<int>(file.number("limits.wrong_tickets_per_minute", out.tries.burst, 1, 60'000));
  out.tries.every = Duration{60'000 / out.tries.burst};
}

Result<Config> read(config::File file) {
  Config out{.host = pushpull::read_host_config(file), .policy = {}, .sessions = {}, .rules = {}};
  read_networks(out.policy, file);
  read_ports(out.policy, file);
  read_limits(out, file);
  TRY(file.finish());
  return out;
}

}  // namespace

Result<Config> decode_config(std::string_view text, const std::filesystem::path& path) {
  return read(TRY(config::File::parse(text, path)));
}

Result<Config> read_config(const std::filesystem::path& path) {
  return read(TRY(config::File::open(path)));
}

}  // namespace sp::edge_gateway
