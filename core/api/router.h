#pragma once
// The API's routes: what a feature gives (`Route`) and what its handler receives.
//
// Before a handler runs, the router has found the route, read the actor from cookie or token,
// checked the CSRF token, asked access::allowed about the route's action, and read the body of a
// Body::json route. The handler asks access::authorise with the object for its Permit.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/time/clock.h"
#include "core/access/access.h"

namespace sp::api {

enum class Method : std::uint8_t { get, post, put, patch, del };
std::string_view name(Method method);  ///< "GET"

/// How the body arrives. `stream` leaves reading to the handler (uploads, multipart).
enum class Body : std::uint8_t { none, json, stream };

inline constexpr std::size_t json_limit = std::size_t{4} << 20;
inline constexpr std::size_t stream_limit = (std::size_t{100} << 20) + (std::size_t{8} << 20);

/// A part of a multipart/form-data body.
struct Part {
  std::string name, filename, type;
};
using Receive = std::function<Outcome(BytesView)>;

/// Reads the body from the connection; implemented by the server, and by a fake in tests.
class BodySource {
 public:
  virtual ~BodySource() = default;
  /// Calls `receive` with piece after piece. Stops at the first failure and gives it. Once only.
  virtual Outcome read(std::size_t limit, const Receive& receive) = 0;
  /// The same for multipart/form-data: `begin` at each part, then `receive` with its pieces.
  virtual Outcome read_parts(std::size_t limit, const std::function<Outcome(const Part&)>& begin,
                             const Receive& receive) = 0;
};

struct Request {
  Method method = Method::get;
  std::string path;                               ///< decoded, without /api/v1, without the query
  std::map<std::string, std::string> query;       ///< decoded; a name given twice is refused
  std::map<std::string, std::string> headers;     ///< names in lower case
  std::map<std::string, std::string> parameters;  ///< of the path: {id}
  std::string body;                      ///< of a Body::json route; wiped after the handler
  BodySource* source_of_body = nullptr;  ///< of a Body::stream route
  access::Actor actor;
  std::string cookie;  ///< the session cookie's value, or empty

  [[nodiscard]] std::string_view parameter(const std::string& of) const;
  [[nodiscard]] std::optional<std::string> asked(const std::string& name_in_query) const;
  [[nodiscard]] std::optional<std::string> header(const std::string& lower_case_name) const;
  /// The media type without its parameters, lower case.
  [[nodiscard]] std::string media_type() const;
};

/// Gives the next piece, nullopt at the end. Runs after the handler has returned.
using Stream = std::function<Result<std::optional<std::string>>()>;

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  Stream stream;  ///< instead of body
  std::vector<std::pair<std::string, std::string>> headers;
};
Response no_content();

/// One member of a request that we cannot accept. `detail` says what to do.
struct FieldProblem {
  std::string field, detail;
};
struct Problem {
  Code code = Code::internal;
  std::string detail;  ///< for the caller; fixed sentences of our own
  std::string reason;  ///< a finer code, see openapi.json
  std::vector<FieldProblem> errors;
  std::optional<int> retry_after;  ///< seconds
};
/// problem+json (RFC 9457) with the status and the fixed title of the code.
Response problem(const Problem& what);
inline Response problem(Code code, std::string detail = {}, std::vector<FieldProblem> errors = {}) {
  return problem(Problem{code, std::move(detail), {}, std::move(errors), {}});
}

/// An Error becomes `problem(code)`, its detail goes to the log. Refusals with fields are answered
/// as a Response: `return problem(Code::invalid_input, {}, fields)`.
using Handler = std::function<Result<Response>(Request&)>;

struct Route {
  Method method = Method::get;
  std::string
      pattern;  ///< "/people/{id}/reset-password"; under /api/v1 unless it begins with "/api/"
  access::Action action = access::Action::session_read;
  Handler handler;
  Body body = Body::none;
};

class Router {
 public:
  /// Ends the process when the method and pattern are there already.
  void add(Route route);
  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> parameters;
    bool other_method = false;  ///< the path is known, with other methods
  };
  /// `path` with its /api/... prefix.
  [[nodiscard]] Match find(Method method, std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

/// Keyset paging: `after` is what the page before gave as `next`, opaque to the client.
struct Page {
  std::string after;  ///< the key behind the cursor; empty for the first page
  int limit = 50;     ///< 1 to 200
};
/// Reads `after` and `limit`; `invalid_input` when they are not of the form.
Result<Page> page_of(const Request& request);
std::string cursor(std::string_view key);

/// The moment that the query gives as `name`, if there is one. Notes what is none.
std::optional<Instant> time_asked(const Request& request, const std::string& name,
                                  std::vector<FieldProblem>& wrong);

}  // namespace sp::api
