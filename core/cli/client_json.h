#pragma once
// HTTPS calls of the command line. For .cpp files of core/cli alone: it shows nlohmann.

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "core/cli/context.h"

namespace sp::cli {

using Json = nlohmann::json;

struct HttpAnswer {
  int status = 0;
  Json body;                                   ///< null when it was none or not JSON
  std::map<std::string, std::string> headers;  ///< names in lower case
};
/// Takes the pieces of a good answer's body.
using Receive = std::function<Outcome(std::span<const std::byte>)>;
/// Fills the span with the next bytes of a body, 0 at the end.
using Give = std::function<Result<std::size_t>(std::span<std::byte>)>;

struct HttpCall {
  std::string method = "GET";
  std::string path;
  std::map<std::string, std::string> headers;
  std::string body;  ///< JSON
  Receive receive;   ///< instead of a JSON body, when the status is 200
  Give give;         ///< instead of `body`, octet-stream of `size` bytes
  std::uint64_t size = 0;
};

/// One server, spoken to over TLS with its certificate and name checked.
class Http {
 public:
  /// `url` is https://host[:port]. `invalid_input` when it is not.
  static Result<Http> to(const std::string& url, const std::string& ca_file);
  /// `unavailable` when there is no answer. Statuses of refusals are answers.
  Result<HttpAnswer> call(const HttpCall& call);
  Http(Http&&) noexcept;
  ~Http();

 private:
  struct Connection;
  explicit Http(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

/// The core's API as the signed-in user.
class Api {
 public:
  static Result<Api> open(const Context& context);
  /// `path` under /api/v1. Refusals are Errors, with the fields that were wrong in the detail.
  Result<Json> call(const std::string& method, const std::string& path, const Json& body = nullptr);
  Result<Json> upload(const std::string& path, std::uint64_t size, Give give);
  /// What is not JSON, piece after piece.
  Outcome download(const std::string& path, Receive receive);

 private:
  Api(Http http, std::string token) : http_(std::move(http)), token_(std::move(token)) {}
  Http http_;
  std::string token_;  // "Bearer ...", for httplib's headers
};

/// The Error that a refusal tells of.
Error error_of(const HttpAnswer& answer);
/// A value for a query: everything but letters, digits, - . _ ~ in percent.
std::string query_value(std::string_view text);

}  // namespace sp::cli
