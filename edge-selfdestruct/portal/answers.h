#pragma once
// What the portal says, in JSON and headers.

#include <optional>
#include <string>
#include <string_view>

#include "base/http/message.h"
#include "edge-selfdestruct/store/store.h"

namespace sp::edge_selfdestruct {

std::string status_json(const Record& record);
/// `logo_path` is null where there is none.
std::string branding_json(const std::optional<pushpull::SettingsPut>& branding,
                          std::string_view logo_path);

/// The one refusal for each code: problem+json of fixed text. Two refusals of one code are equal
/// byte for byte, but for what `denied` adds.
http::Response problem(const Denied& denied);
http::Response problem(Code code);
http::Response method_not_allowed(std::string_view allowed);

}  // namespace sp::edge_selfdestruct
