#pragma once
// The numbered migrations, compiled in from core/store/migrations/NNNN_name.sql.
//
// One text for both engines with a few words that stand for what differs:
//   @int@     INTEGER / BIGINT                 @blob@    BLOB / BYTEA
//   @serial@  an integer primary key that counts by itself
//   @strict@  STRICT / nothing, at the end of a CREATE TABLE
// A number is used once and its file never edited after a release.

#include <span>
#include <string>
#include <string_view>

#include "core/store/store.h"

namespace sp::store {

struct Migration {
  int number = 0;
  std::string_view name, text;
};
/// In the order of their numbers.
std::span<const Migration> migrations();
/// `text` as `engine` wants it.
std::string for_engine(std::string_view text, Engine engine);
/// `invalid_input` unless the numbers go up and each is there once.
Outcome check_numbers(std::span<const Migration> all);

}  // namespace sp::store
