#include <cstddef>
#include <cstdint>

#include "core/inventory/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = sp::inventory::parse_csv({reinterpret_cast<const char*>(data), size});
  for (const auto& row : parsed.table.rows)
    if (row.cells.size() != parsed.table.columns.size()) __builtin_trap();
  return 0;
}
