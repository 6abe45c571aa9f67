#pragma once
// The way to the embedded portal: /selfdestruct/... of the core is /... of the local edge. Streams;
// knows nothing of what passes.

#include <map>
#include <memory>
#include <string>

#include "base/result/result.h"
#include "core/api/server.h"

namespace sp::api {

struct Forward {
  std::string method, target;                  ///< target: path and query, prefix stripped
  std::map<std::string, std::string> headers;  ///< of the client, names in lower case
  std::string body;
  std::string client;  ///< its address
};
struct Forwarded {
  int status = 502;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string type;
  std::optional<std::size_t> length;
  Stream body;
};

/// Gives when the edge's headers are there; its body follows through `body`.
Result<Forwarded> forward(const Upstream& to, Forward request);

}  // namespace sp::api
