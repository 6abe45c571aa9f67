#include "edge-gateway/door/page.h"

#include "edge-gateway/web/assets.h"

namespace sp::edge_gateway {

Page::Page()
    : headers_(http::page_headers(web::content_security_policy())),
      files_(web::assets(), *headers_) {}

http::Response Page::bare(int status) const {
  http::Response out;
  out.status = status;
  out.shared_headers = headers_;
  out.headers = {{"Cache-Control", "no-store"}};
  if (status == 405) out.headers.emplace_back("Allow", "GET, HEAD");
  return out;
}

http::Response Page::answer(const http::Request& request) const {
  const auto* file = files_.find(request.path);
  if (file == nullptr) return bare(404);
  return request.only_reads() ? http::Files::answer(*file, request) : bare(405);
}

}  // namespace sp::edge_gateway
