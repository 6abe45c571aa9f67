#pragma once
// One HTTPS exchange with a CA. An interface, so that a test can be the CA.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result/result.h"
#include "base/time/clock.h"

namespace sp::acme {

struct HttpCall {
  enum class Method : std::uint8_t { get, head, post } method = Method::get;
  std::string url;     ///< https://host[:port]/path
  std::string body{};  ///< of a POST: a JWS (application/jose+json)
};

struct HttpAnswer {
  int status = 0;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< names in lower case

  /// The first header of this (lower case) name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The targets of the Link headers with this relation (RFC 8288), in their order.
  [[nodiscard]] std::vector<std::string> links(std::string_view relation) const;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// `unavailable` when no answer comes, with why; `forbidden` when the server's certificate is not
  /// trusted; `invalid_input` for a URL that is not https. Refusals are answers.
  virtual Result<HttpAnswer> exchange(const HttpCall& call) = 0;
};

struct TransportOptions {
  std::filesystem::path ca_file{};  ///< PEM of whom to trust; empty: the system's authorities
  Duration connect{10'000};
  Duration patience{60'000};          ///< absolute, for the whole exchange
  std::size_t most_body = 1U << 20U;  ///< bytes of an answer
};

/// Over cpp-httplib: certificate and host name are always checked, redirects never followed.
std::unique_ptr<Transport> https_transport(TransportOptions options);

/// The parts of an https URL. `invalid_input` for any other.
struct Url {
  std::string host{};
  int port = 443;
  std::string target{};  ///< path and query, at least "/"
};
Result<Url> parse_url(std::string_view text);

}  // namespace sp::acme
