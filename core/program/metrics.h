#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/http/server.h"
#include "core/api/core.h"
#include "core/certificates/watch.h"

namespace sp::core {

/// Prometheus text format 0.0.4.
std::string metrics_text(const std::vector<certificates::Watched>& watched);
/// `GET /metrics` without TLS and without a question who asks: so only on a loopback address, which
/// the configuration holds it to. `core` outlives the server.
Result<std::unique_ptr<http::Server>> serve_metrics(const std::string& listen, api::Core& core);

}  // namespace sp::core
