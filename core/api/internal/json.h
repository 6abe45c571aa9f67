#pragma once
// JSON in route files. For .cpp files of core/api alone: it shows nlohmann.

#include <nlohmann/json.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/secret/secret.h"
#include "core/api/router.h"

namespace sp::api {

using Json = nlohmann::json;

/// Parses after checking UTF-8, nesting (at most 32) and the number of values (at most 100,000).
/// `invalid_input` without a word of the text. Names given twice are refused.
Result<Json> parse_json(std::string_view text);
Response json_response(const Json& value, int status = 200);

struct TextRule {
  std::size_t least = 0;
  std::size_t most = 1000;  ///< in bytes
  bool lines = false;       ///< whether line breaks and tabs are allowed; other controls never are
};

/// Reads the members of an object one by one and collects what is wrong, with the member's path.
/// `done` also refuses the members that nobody asked for.
class Members {
 public:
  explicit Members(Json& object, std::string prefix = "");

  /// A member that must be there. When it is not as it should be: notes it and gives an empty
  /// value.
  std::string text(const std::string& name, const TextRule& rule = {});
  std::int64_t integer(const std::string& name, std::int64_t least, std::int64_t most);
  bool flag(const std::string& name);
  /// Moved into a Secret; the copy in the JSON value is wiped.
  Secret secret(const std::string& name, const TextRule& rule = {});
  /// The same, nothing when the member is absent or null.
  std::optional<std::string> maybe_text(const std::string& name, const TextRule& rule = {});
  std::optional<std::int64_t> maybe_integer(const std::string& name, std::int64_t least,
                                            std::int64_t most);
  std::optional<bool> maybe_flag(const std::string& name);
  std::optional<Secret> maybe_secret(const std::string& name, const TextRule& rule = {});
  /// A member as it is (object or array), or nullptr when absent or null.
  Json* raw(const std::string& name);
  /// True when the member is there and null.
  bool is_null(const std::string& name);
  bool has(const std::string& name);

  void refuse(const std::string& name, std::string detail);
  [[nodiscard]] std::string path_of(const std::string& name) const { return prefix_ + name; }
  /// For members read by somebody else (a list's items).
  void take_over(std::vector<FieldProblem> problems);
  /// What was wrong, and the unknown members. Empty: all is well.
  std::vector<FieldProblem> done();

 private:
  Json* member(const std::string& name, bool required);
  Json* object_;
  std::string prefix_;
  std::set<std::string> asked_;
  std::vector<FieldProblem> problems_;
};

/// The JSON body as `read` takes it from the members; or the answer that names what is wrong.
template <class Read>
std::expected<std::invoke_result_t<const Read&, Members&>, Response> body_of(const Request& request,
                                                                             const Read& read) {
  auto body = parse_json(request.body);
  if (!body) return std::unexpected{problem(Code::invalid_input, "the body is not JSON")};
  Members members{*body};
  auto out = read(members);
  if (auto wrong = members.done(); !wrong.empty())
    return std::unexpected{problem(Code::invalid_input, {}, std::move(wrong))};
  return out;
}

}  // namespace sp::api
