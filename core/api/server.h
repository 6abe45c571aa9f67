#pragma once
// The core's HTTPS server: API, web site, and the way to the embedded portal. For the inside only.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result/result.h"
#include "base/tls/shown.h"
#include "core/api/core.h"
#include "core/api/router.h"

namespace sp::api {

/// The embedded edge, to which /selfdestruct/* is passed on (prefix stripped).
struct Upstream {
  std::string url;                    ///< "https://127.0.0.1:9446"
  std::filesystem::path certificate;  ///< PEM that its certificate is checked against
  bool forward_address = false;       ///< tell it the client's address in X-Forwarded-For
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;  ///< 0: any free one
  std::optional<std::filesystem::path> web_root;
  std::optional<Upstream> upstream;
  std::size_t threads = 64;  ///< one for each connection that is open
};

class Server {
 public:
  /// Listens when it returns. `router` and `core` outlive the server.
  /// Connections show what `shown` holds at that moment.
  static Result<std::unique_ptr<Server>> start(
      ServerOptions options, std::shared_ptr<const tls::ShownCertificate> shown, Core& core,
      const Router& router);
  ~Server();
  /// Takes no new connection and waits for the running requests.
  void stop();
  [[nodiscard]] std::uint16_t port() const;

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sp::api
