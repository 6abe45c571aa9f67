#pragma once
// The routes of messages, uploads and edges, and the call of the product that clients come from.

#include <filesystem>
#include <optional>

#include "core/api/core.h"
#include "core/api/router.h"
#include "core/edges/supervisor.h"
#include "core/messages/send.h"

namespace sp::api {

void add_message_routes(Router& router, Core& core, messages::Sender& sender,
                        messages::Sender::Wake wake);
void add_upload_routes(Router& router, Core& core);
void add_edge_routes(Router& router, Core& core, edges::Supervisor& supervisor,
                     edges::Traffic& traffic);
/// `site_ca`: the file of the root that people are to trust, if there is one.
void add_certificate_routes(Router& router, Core& core,
                            std::optional<std::filesystem::path> site_ca);
/// Sites, hosts, credentials, and the permissions on them.
void add_site_routes(Router& router, Core& core, edges::Supervisor& supervisor);
void add_host_routes(Router& router, Core& core);
void add_credential_routes(Router& router, Core& core);
void add_permission_routes(Router& router, Core& core);
/// POST /api/selfdestruct.
void add_compat_routes(Router& router, Core& core, messages::Sender& sender);

}  // namespace sp::api
