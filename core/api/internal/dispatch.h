#pragma once
// From a request to the answer, without sockets: who asks, may they, which handler, what do we say.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/api/core.h"
#include "core/api/router.h"

namespace sp::api {

/// As the connection gave it.
struct Incoming {
  std::string method, path;                                ///< path decoded, with /api/...
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded
  std::map<std::string, std::string> headers;              ///< names in lower case
  std::string source;                                      ///< the client's address
  BodySource* body = nullptr;                              ///< null when there is none
};

class Dispatcher {
 public:
  Dispatcher(Core& core, const Router& router) : core_(&core), router_(&router) {}
  /// Always an answer. Safe from every thread.
  Response answer(Incoming& incoming) const;

 private:
  Core* core_;
  const Router* router_;
};

inline constexpr std::string_view session_cookie = "__Host-sallyport";

}  // namespace sp::api
