#include "edge-selfdestruct/portal/portal.h"

#include <algorithm>

#include "base/http/proxy.h"
#include "base/time/clock.h"
#include "edge-selfdestruct/portal/answers.h"
#include "edge-selfdestruct/web/assets.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::string_view page_path = "/m/";
constexpr std::string_view branding_path = "/api/v1/branding";
constexpr std::string_view logo_path = "/api/v1/logo";
constexpr std::string_view messages_path = "/api/v1/messages/";

std::shared_ptr<const std::string> shared(std::string_view text) {
  return std::make_shared<const std::string>(text);
}

}  // namespace

Portal::Portal(Store& store, std::vector<std::string> proxies)
    : store_(&store),
      proxies_(std::move(proxies)),
      headers_(http::page_headers(edge_web::content_security_policy())),
      json_headers_(shared(*headers_ + *http::header_block({{"Content-Type", "application/json"},
                                                            {"Cache-Control", "no-store"}}))),
      bare_headers_(shared(*headers_ + *http::header_block({{"Cache-Control", "no-store"}}))),
      files_(edge_web::assets(), *headers_) {}

std::size_t Portal::body_limit(std::string_view method, std::string_view path) {
  return method == "POST" && path.starts_with(messages_path) ? most_body : 0;
}

void Portal::handle(http::Request request, const http::Reply& reply) {
  auto now = request.path.starts_with(messages_path) ? message(request, reply) : fixed(request);
  if (now) reply(dressed(*std::move(now)));
  wipe(request.body);
}

http::Response Portal::json(std::string body) const {
  http::Response out;
  out.shared_headers = json_headers_;
  out.body = std::move(body);
  return out;
}

http::Response Portal::no_content() const {
  http::Response out;
  out.status = 204;
  out.shared_headers = bare_headers_;
  return out;
}

http::Response Portal::dressed(http::Response response) const {
  if (!response.shared_headers) response.shared_headers = headers_;
  return response;
}

http::Response Portal::fixed(const http::Request& request) const {
  const bool is_branding = request.path == branding_path;
  const bool is_logo = request.path == logo_path;
  const std::string_view path = request.path;
  const auto* file = files_.find(path.starts_with(page_path) ? page_path : path);
  if (!is_branding && !is_logo && file == nullptr) return problem(Code::not_found);
  if (!request.only_reads()) return method_not_allowed("GET, HEAD");
  if (is_branding) return branding();
  return is_logo ? logo() : http::Files::answer(*file, request);
}

http::Response Portal::branding() const {
  const auto answer = store_->branding();
  return answer ? json(branding_json(*answer, logo_path)) : problem(answer.error());
}

http::Response Portal::logo() const {
  const auto answer = store_->branding();
  if (!answer) return problem(answer.error());
  if (!*answer || (*answer)->logo.empty()) return problem(Code::not_found);
  http::Response out;
  out.headers = {{"Content-Type", (*answer)->logo_type}, {"Cache-Control", "no-store"}};
  out.body = bytes::text((*answer)->logo);
  return out;
}

std::string Portal::source(const http::Request& request) const {
  return source_network(http::client_address(request, proxies_));
}

std::optional<http::Response> Portal::message(const http::Request& request,
                                              const http::Reply& reply) {
  const auto call = decode_path(request.path);
  if (!call) return problem(call.error().code());
  if (request.method != "POST") return method_not_allowed("POST");
  const bool takes_pass = call->verb == Verb::reveal || call->verb == Verb::destroy;
  const auto proofs =
      decode_proofs(request.body, takes_pass ? PassProof::allowed : PassProof::refused);
  if (!proofs) return problem(proofs.error().code());

  Holder holder{.id = call->id,
                .link = proofs->link,
                .pass = proofs->pass,
                .grace = decode_grace(request.header("Sallyport-Grace")),
                .source = source(request)};
  const auto done = [this, reply](const Answer<Nothing>& answer) {
    reply(dressed(answer ? no_content() : problem(answer.error())));
  };
  switch (call->verb) {
    case Verb::status:
      return status(holder);
    case Verb::reveal:
      give_content(std::move(holder), reply);
      break;
    case Verb::saved:
      store_->saved(std::move(holder), done);
      break;
    case Verb::destroy:
      store_->destroy(std::move(holder), done);
      break;
  }
  return std::nullopt;
}

http::Response Portal::status(const Holder& holder) const {
  const auto answer = store_->status(holder);
  return answer ? json(status_json(*answer)) : problem(answer.error());
}

void Portal::give_content(Holder holder, const http::Reply& reply) {
  store_->reveal(std::move(holder), [this, reply](Answer<Released> answer) {
    reply(dressed(answer ? content(*std::move(answer)) : problem(answer.error())));
  });
}

http::Response Portal::content(Released released) const {
  http::Response out;
  out.headers = {{"Content-Type", "application/octet-stream"}, {"Cache-Control", "no-store"}};
  if (released.grace) {
    out.headers.emplace_back("Sallyport-Grace", bytes::base64url(released.grace->token));
    out.headers.emplace_back("Sallyport-Grace-Until", rfc3339(released.grace->until));
  }
  if (released.whole) {
    out.body = bytes::text(*released.whole);
    return out;
  }
  out.content_length = static_cast<std::uint64_t>(released.size);
  out.stream = store_->content(std::move(released));
  return out;
}

}  // namespace sp::edge_selfdestruct
