#pragma once
// The routes of certificates that the core orders.

#include <functional>
#include <string>

#include "core/api/core.h"
#include "core/api/router.h"
#include "core/orders/bell.h"

namespace sp::api {

void add_order_routes(Router& router, Core& core, orders::Bell& bell,
                      std::function<void(const std::string& edge)> wake);

}  // namespace sp::api
