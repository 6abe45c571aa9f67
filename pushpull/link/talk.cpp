#include "pushpull/link/internal/talk.h"

#include <algorithm>

#include "base/openssl/crypto.h"
#include "pushpull/enrolment/kit.h"

namespace sp::pushpull::internal {
namespace {

constexpr int ok = 200;
constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int unavailable = 503;

Outcome check_status(int status) {
  if (status == ok) return {};
  if (status == bad_request)
    return Error{Code::forbidden, "the edge does not accept this core's key"};
  if (status == unavailable)
    return Error{Code::unavailable, "the edge cannot work now (its disk may be full)"};
  return Error{Code::unavailable, "the edge answers with status " + std::to_string(status)};
}

}  // namespace

Result<EpochKeys> current_keys(const LinkKeys& keys) {
  if (!keys.edge_key) return Error{Code::not_found, "the edge is not enrolled"};
  return EpochKeys{keys.edge_id,    keys.core_key.copy(), keys.epoch,
                   keys.psk.copy(), *keys.edge_key,       keys.pin};
}

Result<EpochKeys> pending_keys(const LinkKeys& keys) {
  if (!keys.pending || !keys.pending->edge_key)
    return Error{Code::not_found, "no rekey was answered"};
  return EpochKeys{keys.edge_id,
                   keys.core_key.copy(),
                   keys.epoch + 1,
                   keys.pending->psk.copy(),
                   *keys.pending->edge_key,
                   keys.pin};
}

Result<Bytes> ask(Channel& channel, const EpochKeys& keys, Operation operation, BytesView plain,
                  Duration patience, Random& random, const Vouch& vouch) {
  const RequestHeader header{operation, keys.edge_id, keys.epoch};
  const auto sealed =
      TRY(seal_request(header, keys.core_key, keys.edge_key, keys.psk, plain, random));
  const auto answer = TRY(channel.exchange(Call{sealed.envelope, patience, keys.pin, vouch}));
  TRY(check_status(answer.status));
  return sealed.opener.open(answer.body);
}

Result<Introduced> introduce(Channel& channel, const LinkKeys& keys, Duration patience) {
  const auto answer = TRY(channel.exchange(Call{{}, patience, {}, {}}));
  if (answer.status == not_found)
    return Error{Code::not_found, "the edge has no kit, or is enrolled already"};
  TRY(check_status(answer.status));
  const auto shown = TRY(decode_enrolment_key(answer.body).within("the edge's key"));
  const auto proof = enrolment_proof(keys.psk, keys.edge_id, shown.key,
                                     core_public_key(keys.core_key), answer.pin);
  if (shown.edge_id != keys.edge_id || !openssl::equal(proof, shown.proof))
    return Error{Code::unauthenticated, "the edge could not prove that it has the kit"};
  return Introduced{shown.key, answer.pin};
}

Plan plan(const LinkNumbers& before, const LinkNumbers& after, const HelloResponse& theirs) {
  const auto acknowledged = theirs.last_event - std::min(theirs.events_waiting, theirs.last_event);
  // The edge has applied more than we remember sending, or heard of more events than we remember
  // storing: we are the copy of an earlier time. What waits here may have been sent before, so all
  // of it is settled by the list.
  if (theirs.applied > before.sent || acknowledged > after.last_event) return {true, before.queued};
  const bool known = before.edge_epoch == theirs.edge_epoch && theirs.applied >= before.applied &&
                     theirs.last_event >= before.last_event;
  // The edge's database is not the one that we know, or it is closed. What may have been sent may
  // have been applied and viewed in a life that we do not see.
  return {!known || theirs.resync, before.sent};
}

}  // namespace sp::pushpull::internal
