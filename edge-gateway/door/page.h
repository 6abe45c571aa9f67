#pragma once
// The terminal page's files, as they are given out.

#include <memory>
#include <string>

#include "base/http/files.h"

namespace sp::edge_gateway {

/// Safe from every thread.
class Page {
 public:
  Page();
  /// GET and HEAD of its files, 404 and 405 for all else. Each answer has the page's policy.
  [[nodiscard]] http::Response answer(const http::Request& request) const;
  /// With the headers that every answer has.
  [[nodiscard]] http::Response bare(int status) const;

 private:
  std::shared_ptr<const std::string> headers_;
  http::Files files_;
};

}  // namespace sp::edge_gateway
