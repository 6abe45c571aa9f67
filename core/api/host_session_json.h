#pragma once
// Sessions with hosts in JSON. For .cpp files of core/api alone: it shows nlohmann.

#include "core/api/internal/json.h"
#include "core/sessions/host_keys.h"
#include "core/sessions/session.h"

namespace sp::api {

/// The names of the bits of pushpull::right.
Json session_rights(std::uint32_t bits);
Json to_json(const sessions::Session& session);
Json to_json(const sessions::TimelineEntry& entry);
Json to_json(const sessions::CarriedFile& file);
Json to_json(const sessions::Comment& comment);
Json to_json(const sessions::Sighting& sighting);

}  // namespace sp::api
