#include "base/http/files.h"

#include "base/http/codings.h"

namespace sp::http {
namespace {

std::shared_ptr<const std::string> shared(std::string_view text) {
  return std::make_shared<const std::string>(text);
}

// A weak comparison, as If-None-Match asks for (RFC 9110 section 13.1.2). Our tags have no commas.
bool is_known(std::optional<std::string_view> if_none_match, std::string_view etag) {
  return if_none_match &&
         if_none_match->find(etag.substr(etag.find('"'))) != std::string_view::npos;
}

}  // namespace

/// In each coding that it has, each with all its headers ready.
struct Files::File {
  struct Variant {
    std::shared_ptr<const std::string> headers, body;
  };
  std::string_view etag;
  Variant raw, br, gz;
};

std::shared_ptr<const std::string> page_headers(std::string_view content_security_policy) {
  return header_block({
      {"Strict-Transport-Security", "max-age=31536000"},
      {"Content-Security-Policy", std::string{content_security_policy}},
      {"Referrer-Policy", "no-referrer"},
      {"X-Robots-Tag", "noindex, nofollow"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
  });
}

Files::Files(std::span<const Asset> assets, const std::string& headers) {
  for (const auto& asset : assets) {
    const auto variant = [&](std::string_view body, std::string_view coding) {
      Headers own{{"Content-Type", std::string{asset.type}},
                  {"Cache-Control", std::string{asset.cache}},
                  {"ETag", std::string{asset.etag}},
                  {"Vary", "Accept-Encoding"}};
      if (!coding.empty()) own.emplace_back("Content-Encoding", coding);
      return File::Variant{shared(headers + *header_block(own)), shared(body)};
    };
    auto file = std::make_shared<File>();
    file->etag = asset.etag;
    file->raw = variant(asset.raw, "");
    if (!asset.br.empty()) file->br = variant(asset.br, "br");
    if (!asset.gz.empty()) file->gz = variant(asset.gz, "gzip");
    files_.emplace(asset.path, std::move(file));
  }
}

const Files::File* Files::find(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second.get();
}

Response Files::answer(const File& file, const Request& request) {
  const auto coding = best_coding(request.header("Accept-Encoding"));
  const auto* variant = &file.raw;
  if (coding == Coding::br && file.br.body)
    variant = &file.br;
  else if (coding != Coding::identity && file.gz.body)
    variant = &file.gz;
  Response out;
  out.shared_headers = variant->headers;
  if (is_known(request.header("If-None-Match"), file.etag))
    out.status = 304;
  else
    out.shared_body = variant->body;
  return out;
}

}  // namespace sp::http
