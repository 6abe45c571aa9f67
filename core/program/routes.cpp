#include "core/program/routes.h"

#include "core/api/routes.h"

namespace sp::core {

void add_routes(api::Router& router, api::Core& core, Features& features) {
  api::add_session_routes(router, core);
  api::add_people_routes(router, core);
  api::add_token_routes(router, core);
  api::add_audit_routes(router, core);
  api::add_settings_routes(router, core, features.test_mail());
  api::add_meta_routes(router);
}

}  // namespace sp::core
