#include "core/cli/client_json.h"

#include <httplib.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/bytes/bytes.h"

namespace sp::cli {
namespace {

struct Address {
  std::string host;
  int port = 443;
};
Result<Address> parse(const std::string& url) {
  const auto refused = [&] {
    return Error{Code::invalid_input,
                 "the server must be given as https://host[:port], not \"" + url + "\""};
  };
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return refused();
  auto rest = std::string_view{url}.substr(scheme.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos) return refused();
  Address out;
  const auto colon = rest.ends_with(']') ? std::string_view::npos : rest.rfind(':');
  out.host = std::string{rest.substr(0, colon)};
  if (out.host.starts_with('[') && out.host.ends_with(']'))
    out.host = out.host.substr(1, out.host.size() - 2);
  if (colon == std::string_view::npos) return out;
  const auto digits = rest.substr(colon + 1);
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (problem != std::errc{} || end != digits.data() + digits.size()) return refused();
  return out;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Error unreachable(const Address& address, httplib::Error error) {
  const auto where = address.host + ":" + std::to_string(address.port);
  const auto why = httplib::to_string(error);
  if (error == httplib::Error::SSLServerVerification || error == httplib::Error::SSLLoadingCerts)
    return {Code::unavailable, where + ": its certificate is not trusted (" + why +
                                   "): give the authority's with --ca"};
  return {Code::unavailable, where + ": no answer (" + why + ")"};
}

Code code_named(const std::string& text) {
  for (const auto code :
       {Code::invalid_input, Code::unauthenticated, Code::forbidden, Code::not_found,
        Code::conflict, Code::expired, Code::too_many, Code::corrupt, Code::unavailable})
    if (text == name(code)) return code;
  return Code::internal;
}

std::string text_of(const Json& object, const char* member) {
  return object.is_object() && object.contains(member) && object[member].is_string()
             ? object[member].get<std::string>()
             : std::string{};
}

}  // namespace

struct Http::Connection {
  Address address;
  httplib::SSLClient client;
  explicit Connection(Address to) : address(std::move(to)), client(address.host, address.port) {}
};

Http::Http(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Http::Http(Http&&) noexcept = default;
Http::~Http() = default;

Result<Http> Http::to(const std::string& url, const std::string& ca_file) {
  auto connection = std::make_unique<Connection>(TRY(parse(url)));
  auto& client = connection->client;
  if (!ca_file.empty()) client.set_ca_cert_path(ca_file.c_str());
  client.enable_server_certificate_verification(true);
  client.set_connection_timeout(10);
  client.set_read_timeout(120);
  client.set_write_timeout(120);
  client.set_keep_alive(true);
  client.set_follow_location(false);
  return Http{std::move(connection)};
}

Result<HttpAnswer> Http::call(const HttpCall& call) {
  httplib::Request request;
  request.method = call.method;
  request.path = call.path;
  for (const auto& [name, value] : call.headers) request.headers.emplace(name, value);
  if (!call.body.empty()) {
    request.headers.emplace("Content-Type", "application/json");
    request.body = call.body;
  }
  Outcome inner;
  if (call.give) {
    request.headers.emplace("Content-Type", "application/octet-stream");
    request.headers.emplace("Content-Length", std::to_string(call.size));
    request.content_length_ = call.size;
    request.is_chunked_content_provider_ = false;
    request.content_provider_ = [&](std::size_t, std::size_t length, httplib::DataSink& sink) {
      std::array<std::byte, 65536> piece;  // NOLINT: filled by `give`
      const auto count = call.give(std::span{piece}.first(std::min(length, piece.size())));
      if (!count) inner = count.error();
      if (!count || *count == 0) return false;
      return sink.write(reinterpret_cast<const char*>(piece.data()), *count);
    };
  }
  bool good = false;
  std::string small;  // a refusal's body
  if (call.receive) {
    request.response_handler = [&](const httplib::Response& response) {
      good = response.status == 200;
      return true;
    };
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      if (!good) {
        if (small.size() < 65536) small.append(data, size);
        return true;
      }
      inner = call.receive(std::as_bytes(std::span{data, size}));
      return inner.has_value();
    };
  }
  httplib::Response response;
  httplib::Error error{};
  const bool answered = connection_->client.send(request, response, error);
  wipe(request.body);
  if (!inner) return std::move(inner).error();
  if (!answered) return unreachable(connection_->address, error);

  HttpAnswer out;
  out.status = response.status;
  for (const auto& [name, value] : response.headers) out.headers[lower(name)] = value;
  const auto& text = call.receive ? small : response.body;
  out.body = Json::parse(text, nullptr, false);
  if (out.body.is_discarded()) out.body = nullptr;
  wipe(response.body);
  return out;
}

Error error_of(const HttpAnswer& answer) {
  auto detail = text_of(answer.body, "detail");
  if (detail.empty()) detail = text_of(answer.body, "title");
  if (detail.empty()) detail = "the server answered " + std::to_string(answer.status);
  if (answer.body.is_object() && answer.body.contains("errors") && answer.body["errors"].is_array())
    for (const auto& one : answer.body["errors"])
      detail += "; " + text_of(one, "field") + ": " + text_of(one, "detail");
  const auto code = text_of(answer.body, "code");
  if (!code.empty()) return {code_named(code), detail};
  return {answer.status == 404 ? Code::not_found : Code::unavailable, detail};
}

std::string query_value(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
      continue;
    }
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Result<Api> Api::open(const Context& context) {
  if (context.server.empty())
    return Error{Code::invalid_input,
                 "no server: run `sallyport --server URL login` once, or give --server"};
  const auto token = TRY(read_token(context));
  return Api{TRY(Http::to(context.server, context.ca_file)),
             "Bearer " + std::string{bytes::text(token.expose())}};
}

Result<Json> Api::call(const std::string& method, const std::string& path, const Json& body) {
  HttpCall call;
  call.method = method;
  call.path = "/api/v1" + path;
  call.headers = {{"Authorization", token_}};
  if (!body.is_null()) call.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  auto answer = TRY(http_.call(call));
  if (answer.status >= 300) return error_of(answer);
  return std::move(answer.body);
}

Result<Json> Api::upload(const std::string& path, std::uint64_t size, Give give) {
  HttpCall call;
  call.method = "POST";
  call.path = "/api/v1" + path;
  call.headers = {{"Authorization", token_}};
  call.give = std::move(give);
  call.size = size;
  auto answer = TRY(http_.call(call));
  if (answer.status >= 300) return error_of(answer);
  return std::move(answer.body);
}

Outcome Api::download(const std::string& path, Receive receive) {
  HttpCall call;
  call.path = "/api/v1" + path;
  call.headers = {{"Authorization", token_}};
  call.receive = std::move(receive);
  const auto answer = TRY(http_.call(call));
  if (answer.status != 200) return error_of(answer);
  return {};
}

}  // namespace sp::cli
