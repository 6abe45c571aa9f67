#pragma once
// Operational log: one line an event, `name key=value ...`, to standard error. The audit trail is
// data in the store and not this. No secret, no link, no passphrase; what a peer sent is escaped
// and cut.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result/result.h"

namespace sp::log {

enum class Level : std::uint8_t { debug, info, warning, error };

/// A field's value: text is quoted, escaped and cut at 256 bytes; numbers stay as they are.
class Value {
 public:
  Value(std::string_view text);  // NOLINT: implicit on purpose, as are the others
  Value(const char* text) : Value(std::string_view{text}) {}
  Value(const std::string& text) : Value(std::string_view{text}) {}
  template <class T>
  requires std::is_integral_v<T> Value(T number) : text_(std::to_string(number)) {}
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};
using Fields = std::initializer_list<std::pair<std::string_view, Value>>;

/// Called once, in main.
void start(std::string_view program, Level least);
void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});
/// With the code and the detail of `cause`.
void error(std::string_view event, const Error& cause, Fields fields = {});

/// Quoted and escaped so that it stays one line of printable ASCII. At most 256 bytes of input.
std::string escaped(std::string_view text);

}  // namespace sp::log
