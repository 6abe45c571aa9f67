#include "core/api/host_session_json.h"

#include "core/api/internal/shapes.h"
#include "core/sites/site.h"

namespace sp::api {
namespace {

Json named(const std::string& id, const std::string& name) {
  return {{"id", id}, {"name", name}};
}

Json recording(const sessions::Session& session) {
  const auto& recording = session.recording;
  return {{"state", recordings::name(recording.state)},
          {"input", session.record_input},
          {"size", recording.stored_at ? Json(recording.bytes) : Json(nullptr)},
          {"stored_at", shape(recording.stored_at)},
          {"erase_at", shape(recording.erase_at)}};
}

}  // namespace

Json session_rights(std::uint32_t bits) {
  Json out = Json::array();
  for (const auto& right : sites::session_rights)
    if ((bits & right.bit) != 0) out.push_back(right.name);
  return out;
}

Json to_json(const sessions::Session& session) {
  return {{"id", session.id},
          {"state", sessions::name(session.state)},
          {"end_reason", maybe(session.end_reason)},
          {"ended_by", maybe(session.ended_by)},
          {"user",
           {{"id", session.owner}, {"login", session.owner_login}, {"name", session.owner_name}}},
          {"gateway", named(session.edge, session.edge_name)},
          {"site", named(session.site, session.site_name)},
          {"host", named(session.host, session.host_name)},
          {"credential", named(session.credential, session.credential_name)},
          {"login", session.login},
          {"protocol", session.protocol},
          {"address", session.address},
          {"port", session.port},
          {"reason", text_or_null(session.reason)},
          {"rights", session_rights(session.rights)},
          {"created_at", rfc3339(session.created_at)},
          {"redeemed_at", shape(session.redeemed_at)},
          {"started_at", shape(session.started_at)},
          {"ended_at", shape(session.ended_at)},
          {"source", maybe(session.source)},
          {"dialled", maybe(session.dialled)},
          {"host_key", session.host_key ? text_or_null(sessions::fingerprint(*session.host_key))
                                        : Json(nullptr)},
          {"bytes_in", session.bytes_in},
          {"bytes_out", session.bytes_out},
          {"exit", maybe(session.exit)},
          {"recording", recording(session)}};
}

Json to_json(const sessions::TimelineEntry& entry) {
  return {{"at", rfc3339(entry.at)}, {"code", entry.code}, {"detail", text_or_null(entry.detail)}};
}
Json to_json(const sessions::CarriedFile& file) {
  return {{"at", rfc3339(file.at)}, {"action", file.action},        {"path", file.path},
          {"size", file.size},      {"sha256", maybe(file.sha256)}, {"outcome", file.outcome}};
}
Json to_json(const sessions::Comment& comment) {
  return {{"at", rfc3339(comment.at)},
          {"by", {{"id", comment.person}, {"login", comment.login}}},
          {"text", comment.text}};
}
Json to_json(const sessions::Sighting& sighting) {
  return {{"id", sighting.id},
          {"host", named(sighting.host, sighting.host_name)},
          {"session", sighting.session},
          {"key", sighting.key},
          {"fingerprint", sessions::fingerprint(sighting.key)},
          {"verdict", sessions::name(sighting.verdict)},
          {"seen_at", rfc3339(sighting.seen_at)}};
}

}  // namespace sp::api
