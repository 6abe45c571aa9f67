#include "core/store/value.h"

#include "base/result/ensure.h"

namespace sp::store {
namespace {
const std::string no_text;
const Bytes no_bytes;
}  // namespace

const Row::Column& Row::at(std::size_t column) const {
  ensure(column < columns_.size());
  return columns_[column];
}

bool Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::nullptr_t>(at(column));
}

std::int64_t Row::integer(std::size_t column) const {
  if (is_null(column)) return 0;
  const auto* value = std::get_if<std::int64_t>(&at(column));
  ensure(value != nullptr);
  return *value;
}

const std::string& Row::text(std::size_t column) const {
  if (is_null(column)) return no_text;
  const auto* value = std::get_if<std::string>(&at(column));
  ensure(value != nullptr);
  return *value;
}

const Bytes& Row::bytes(std::size_t column) const {
  if (is_null(column)) return no_bytes;
  const auto* value = std::get_if<Bytes>(&at(column));
  ensure(value != nullptr);
  return *value;
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<Instant> Row::maybe_time(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

}  // namespace sp::store
