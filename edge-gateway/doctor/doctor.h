#pragma once
// `sallyport-gateway doctor`: what is wrong with this gateway, why it matters and what to do.

#include <filesystem>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace sp::edge_gateway {

struct DoctorOptions {
  std::filesystem::path config = "/etc/sallyport/gateway.toml";
  /// `host:port` of the core, for this look alone: it is kept nowhere. The edge must not reach it.
  std::string core;
  bool json = false;
};
/// 0 when nothing is bad, 1 when something is.
int doctor(const DoctorOptions& options);
/// Adds the command; `done` gets its exit code.
void add_doctor(CLI::App& app, std::function<void(int)> done);

}  // namespace sp::edge_gateway
