#pragma once
// Result<T>: a value, or an Error that says why there is none.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result/ensure.h"

namespace sp {

/// What went wrong, in words that every surface understands. The HTTP status, the exit code and the
/// text shown to a stranger follow from this value alone.
enum class Code : std::uint8_t {
  invalid_input,    ///< the caller sent something we do not accept
  unauthenticated,  ///< who are you
  forbidden,        ///< known, and not allowed
  not_found,        ///< no such thing, or none that you may know of
  conflict,         ///< it changed meanwhile, or exists already
  expired,          ///< too late
  too_many,         ///< a limit was reached: later, or less
  corrupt,          ///< stored or received data does not hold together
  unavailable,      ///< something we depend on is away: try again
  internal,         ///< ours
};

/// `not_found` and so on: for logs and for problem+json's `code`.
std::string_view name(Code code);
/// The one translation to HTTP.
int http_status(Code code);
/// The one translation to exit codes of our command line programs.
int exit_code(Code code);

/// A failure. `detail` is for our own log and for an administrator at the terminal: it never
/// reaches a stranger and never holds a secret or a byte that a peer sent.
class [[nodiscard]] Error {
 public:
  Error(Code code, std::string detail) : code_(code), detail_(std::move(detail)) {}

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }

  /// Names the step that failed, outermost first: "open vault: read header: short".
  Error within(std::string_view step) && {
    detail_.insert(0, std::string{step} + ": ");
    return std::move(*this);
  }

 private:
  Code code_;
  std::string detail_;
};

/// std::expected, which may not be dropped and which an Error converts to. Reading the side that is
/// not there is a bug; with _GLIBCXX_ASSERTIONS it ends the process.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
  using Base = std::expected<T, Error>;

 public:
  using Base::Base;
  Result(Error error) : Base(std::unexpect, std::move(error)) {}  // NOLINT: implicit on purpose
  /// Adds the name of a step to the error, if there is one: `open(path).within("open vault")`.
  Result within(std::string_view step) && {
    if (this->has_value()) return std::move(*this);
    return std::move(this->error()).within(step);
  }
};

using Outcome = Result<void>;  ///< "It worked", when there is nothing to return.

}  // namespace sp

/// The value of `expr`, or an early return of its error. A GNU statement expression; one per line
/// (a nested TRY trips -Wshadow on purpose), and not in coroutines.
#define TRY(expr)                           \
  __extension__({                           \
    auto try_result = (expr);               \
    if (!try_result) [[unlikely]]           \
      return std::move(try_result).error(); \
    *std::move(try_result);                 \
  })
