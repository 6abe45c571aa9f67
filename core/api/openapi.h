#pragma once
#include <string_view>

namespace sp::api {

/// core/api/openapi.json, compiled in.
std::string_view openapi_document();

}  // namespace sp::api
