#pragma once
#include <initializer_list>
#include <span>
#include <string>

#include "core/cli/client_json.h"

namespace sp::cli {

/// A member as one cell: text as it is but without control characters, null as "-".
std::string cell(const Json& object, const char* name);
/// Columns under their names, two spaces apart.
void print_columns(const Json& items, std::span<const char* const> columns);
inline void print_table(const Json& items, std::initializer_list<const char*> columns) {
  print_columns(items, {columns.begin(), columns.size()});
}
/// "name: value".
void print_member(const Json& object, const char* name);

}  // namespace sp::cli
