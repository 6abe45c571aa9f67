#pragma once
// The routes of session, people, tokens, audit and settings. Other features have their own
// add_..._routes beside this one.

#include <functional>
#include <string>

#include "core/api/core.h"
#include "core/api/router.h"

namespace sp::api {

void add_session_routes(Router& router, Core& core);
void add_people_routes(Router& router, Core& core);
void add_token_routes(Router& router, Core& core);
void add_audit_routes(Router& router, Core& core);
/// Sends one test mail with the stored settings; gives what the mail server answered.
using SendTestMail =
    std::function<Result<std::string>(const settings::Values&, const std::string& to)>;
void add_settings_routes(Router& router, Core& core, SendTestMail send_test_mail);
void add_meta_routes(Router& router);

}  // namespace sp::api
