#include "core/api/openapi.h"
#include "core/api/routes.h"

namespace sp::api {

void add_meta_routes(Router& router) {
  router.add({Method::get, "/openapi.json", access::Action::openapi_read,
              [](Request&) -> Result<Response> {
                Response response;
                response.body = openapi_document();
                return response;
              }});
}

}  // namespace sp::api
