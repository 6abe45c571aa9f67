#pragma once
#include "core/api/core.h"
#include "core/api/router.h"
#include "core/program/features.h"

namespace sp::core {

/// Every route of the core but those that `Features::make` added.
void add_routes(api::Router& router, api::Core& core, Features& features);

}  // namespace sp::core
