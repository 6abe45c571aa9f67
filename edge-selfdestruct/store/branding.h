#pragma once
// What the core's administrator set for the portal: name, colour, help text, languages, logo.

#include <optional>
#include <string>

#include "base/sqlite/database.h"
#include "pushpull/items/items.h"

namespace sp::edge_selfdestruct {

/// Checks and stores the body of a settings.put. The colour is "#rrggbb" or empty; a logo is PNG,
/// JPEG, GIF or WebP (nothing active) of at most 256 KiB.
Outcome keep_branding(sqlite::Database& db, BytesView body);
/// None before the first settings.put.
Result<std::optional<pushpull::SettingsPut>> read_branding(sqlite::Database& db);

}  // namespace sp::edge_selfdestruct
