#include "edge-gateway/door/page.h"

#include "base/http/codings.h"
#include "edge-gateway/web/assets.h"

namespace sp::edge_gateway {
namespace {

std::shared_ptr<const std::string> shared(std::string_view text) {
  return std::make_shared<const std::string>(text);
}

// A weak comparison, as If-None-Match asks for (RFC 9110 section 13.1.2). Our tags have no commas.
bool is_known(std::optional<std::string_view> if_none_match, std::string_view etag) {
  return if_none_match &&
         if_none_match->find(etag.substr(etag.find('"'))) != std::string_view::npos;
}

std::shared_ptr<const std::string> headers_of_all() {
  return http::header_block({
      {"Strict-Transport-Security", "max-age=31536000"},
      {"Content-Security-Policy", std::string{web::content_security_policy()}},
      {"Referrer-Policy", "no-referrer"},
      {"X-Robots-Tag", "noindex, nofollow"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
  });
}

}  // namespace

/// A file in each coding that it has, with all its headers ready.
struct Page::File {
  struct Variant {
    std::shared_ptr<const std::string> headers, body;
  };
  std::string_view etag;
  Variant raw, br, gz;
};

Page::Page() : headers_(headers_of_all()) {
  for (const auto& asset : web::assets()) {
    const auto variant = [&](std::string_view body, std::string_view coding) {
      if (body.empty()) return File::Variant{};
      http::Headers headers{{"Content-Type", std::string{asset.type}},
                            {"Cache-Control", std::string{asset.cache}},
                            {"ETag", std::string{asset.etag}},
                            {"Vary", "Accept-Encoding"}};
      if (!coding.empty()) headers.emplace_back("Content-Encoding", coding);
      return File::Variant{shared(*headers_ + *http::header_block(headers)), shared(body)};
    };
    auto file = std::make_shared<File>(File{asset.etag, variant(asset.raw, ""),
                                            variant(asset.br, "br"), variant(asset.gz, "gzip")});
    files_.emplace(asset.path, std::move(file));
  }
}

http::Response Page::bare(int status) const {
  http::Response out;
  out.status = status;
  out.shared_headers = headers_;
  out.headers = {{"Cache-Control", "no-store"}};
  if (status == 405) out.headers.emplace_back("Allow", "GET, HEAD");
  return out;
}

http::Response Page::answer(const http::Request& request) const {
  const auto found = files_.find(request.path);
  if (found == files_.end()) return bare(404);
  if (request.method != "GET" && request.method != "HEAD") return bare(405);
  const auto& file = *found->second;
  const auto coding = http::best_coding(request.header("Accept-Encoding"));
  const auto* variant = &file.raw;
  if (coding == http::Coding::br && file.br.body)
    variant = &file.br;
  else if (coding != http::Coding::identity && file.gz.body)
    variant = &file.gz;
  http::Response out;
  out.shared_headers = variant->headers;
  if (is_known(request.header("If-None-Match"), file.etag))
    out.status = 304;
  else
    out.shared_body = variant->body;
  return out;
}

}  // namespace sp::edge_gateway
