#include "edge-gateway/setup/setup.h"

#include <fmt/format.h>

#include "edge-gateway/program/config.h"

namespace sp::edge_gateway {
namespace {

using pushpull::Texts;
using Stands = pushpull::Setup::Stands;

std::optional<std::string> usual_network(const std::string& text) {
  const auto network = Network::parse(text);
  if (!network) return std::nullopt;
  return network->text();
}

std::optional<std::string> usual_port(const std::string& text) {
  const auto port = port_of(text);
  if (!port) return std::nullopt;
  return std::to_string(*port);
}

// [policy], whose lists stand in `Stands` and `Standing` in this order.
pushpull::OwnList networks() {
  return {.option = "--networks",
          .question = "Networks of the hosts of this site (with commas)",
          .table = "policy",
          .key = "networks",
          .otherwise = {},
          .none = "all",
          .usual = usual_network,
          .rule = "networks such as 10.1.0.0/16"};
}

pushpull::OwnList ports() {
  return {.option = "--ports",
          .question = "Ports of these hosts (with commas)",
          .table = "policy",
          .key = "ports",
          .otherwise = {"22"},
          .none = "",
          .usual = usual_port,
          .rule = "ports such as 22"};
}

Result<Stands> decode(std::string_view text, const std::filesystem::path& path) {
  const auto config = TRY(decode_config(text, path));
  Texts named;
  for (const auto& network : config.policy.networks) named.push_back(network.text());
  Texts numbers;
  for (const auto port : config.policy.ports) numbers.push_back(std::to_string(port));
  return Stands{config.host, {named, numbers}};
}

std::string outward(const pushpull::Standing& values) {
  const auto& named = values.own.at(0);
  const auto hosts =
      named.empty() ? "the hosts of this site" : fmt::format("{}", fmt::join(named, ", "));
  auto out = fmt::format(
      "  this machine        -> {} port {} (TCP): the hosts of this site\n"
      "  this machine        -> its name servers port 53 (UDP and TCP): where hosts have names\n"
      "and nothing else. This machine never connects to the core: deny that, and let the firewall "
      "tell\nyou when it is tried.\n",
      hosts, fmt::join(values.own.at(1), ", "));
  if (named.empty())
    out +=
        "No network is named, so tickets of the core alone decide where this gateway goes: name "
        "them\nwith --networks.\n";
  return out;
}

}  // namespace

pushpull::Setup setup() {
  return {.users = "technicians",
          .from = "your users",
          .folder = "/var/lib/sallyport-gateway",
          .own_authority =
              "Browsers will warn until they trust its own authority: install it on "
              "your users' machines, or use a certificate that they trust already.",
          .own = {networks(), ports()},
          .decode = decode,
          .outward = outward};
}

}  // namespace sp::edge_gateway
