#pragma once
// What goes into a statement and what comes out of it, the same for both engines.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/time/clock.h"

namespace sp::store {

/// One value to bind. A view: what it was made from must outlive the call that it is passed to.
class Parameter {
 public:
  using Held = std::variant<std::nullptr_t, std::int64_t, std::string_view, BytesView>;

  Parameter(std::nullptr_t) : held_(nullptr) {}  // NOLINT: implicit on purpose, as are the others
  template <class T>
  requires std::is_integral_v<T> Parameter(T number) : held_(static_cast<std::int64_t>(number)) {}
  Parameter(const char* text) : held_(std::string_view{text}) {}
  Parameter(std::string_view text) : held_(text) {}
  Parameter(const std::string& text) : held_(std::string_view{text}) {}
  Parameter(BytesView bytes) : held_(bytes) {}
  Parameter(const Bytes& bytes) : held_(BytesView{bytes}) {}
  template <std::size_t N>
  Parameter(const std::array<std::byte, N>& bytes) : held_(BytesView{bytes}) {}
  Parameter(Instant at) : held_(to_millis(at)) {}  ///< times are stored as milliseconds since 1970
  template <class T>
  Parameter(const std::optional<T>& value)
      : held_(value ? Parameter{*value}.held_ : Held{nullptr}) {}

  [[nodiscard]] const Held& held() const { return held_; }

 private:
  Held held_;
};

/// One row of an answer. Reading a column as what it is not is a bug in our SQL and ends the
/// process; NULL reads as 0, "" or nothing unless asked for with `is_null` or a `maybe_`.
class Row {
 public:
  using Column = std::variant<std::nullptr_t, std::int64_t, std::string, Bytes>;
  explicit Row(std::vector<Column> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] std::size_t size() const { return columns_.size(); }
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t column) const;
  [[nodiscard]] bool flag(std::size_t column) const { return integer(column) != 0; }
  [[nodiscard]] Instant time(std::size_t column) const { return from_millis(integer(column)); }
  [[nodiscard]] const std::string& text(std::size_t column) const;
  [[nodiscard]] const Bytes& bytes(std::size_t column) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  [[nodiscard]] std::optional<Instant> maybe_time(std::size_t column) const;
  [[nodiscard]] std::optional<std::string> maybe_text(std::size_t column) const;

 private:
  [[nodiscard]] const Column& at(std::size_t column) const;
  std::vector<Column> columns_;
};
using Rows = std::vector<Row>;

/// What one statement did.
struct Answer {
  Rows rows;
  std::int64_t changed = 0;  ///< rows inserted, updated or deleted
};

}  // namespace sp::store
