#pragma once
// The public port's routes. No GET, HEAD or OPTIONS changes anything (promise 4).

#include <memory>
#include <string>
#include <vector>

#include "base/http/files.h"
#include "edge-selfdestruct/portal/calls.h"
#include "edge-selfdestruct/store/store.h"

namespace sp::edge_selfdestruct {

/// Safe from every thread. `store` must outlive it and every reply.
class Portal {
 public:
  /// `proxies` are the addresses whose X-Forwarded-For is believed (http::client_address): the
  /// core's, for a portal that the core shows under its own address.
  Portal(Store& store, std::vector<std::string> proxies);

  void handle(http::Request request, const http::Reply& reply);
  /// For http::Options::body_limit.
  static std::size_t body_limit(std::string_view method, std::string_view path);

 private:
  /// The answer, or none where it will come through `reply`.
  [[nodiscard]] std::optional<http::Response> message(const http::Request& request,
                                                      const http::Reply& reply);
  [[nodiscard]] http::Response fixed(const http::Request& request) const;
  void give_content(Holder holder, const http::Reply& reply);
  [[nodiscard]] http::Response branding() const;
  [[nodiscard]] http::Response logo() const;
  [[nodiscard]] http::Response status(const Holder& holder) const;
  [[nodiscard]] http::Response content(Released released) const;
  [[nodiscard]] http::Response json(std::string body) const;
  [[nodiscard]] http::Response no_content() const;
  /// With the headers of every answer, where it does not share a block that has them.
  [[nodiscard]] http::Response dressed(http::Response response) const;
  [[nodiscard]] std::string source(const http::Request& request) const;

  Store* store_;
  std::vector<std::string> proxies_;
  std::shared_ptr<const std::string> headers_, json_headers_, bare_headers_;
  http::Files files_;
};

}  // namespace sp::edge_selfdestruct
