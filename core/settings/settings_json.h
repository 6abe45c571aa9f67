#pragma once
// How the settings are stored: one JSON object. Members that are absent keep their default, so that
// an older database can be read; unknown members are ignored, so that an older program can be gone
// back to.

#include <string>
#include <string_view>

#include "core/settings/settings.h"

namespace sp::settings {

std::string encode(const Values& values);
Result<Values> decode(std::string_view text);

}  // namespace sp::settings
