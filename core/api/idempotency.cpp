#include "core/api/idempotency.h"

#include "base/openssl/crypto.h"
#include "core/api/internal/json.h"

namespace sp::api {
namespace {

using store::Transaction;

constexpr std::chrono::hours kept_for{24};
constexpr std::chrono::minutes given_up_after{1};  // by then whoever began has died
constexpr std::size_t longest_key = 128;

struct Slot {
  std::string person;
  Bytes key_hash, fingerprint;
  Secret key;  // opens the kept answer; made of the client's key
};

struct Kept {
  Bytes fingerprint, answer;
  std::int64_t status = 0;
};

Slot slot_of(const Core& core, const Request& request, BytesView fingerprint,
             std::string_view key) {
  const auto secret = core.keyring.derive("idempotency");
  const auto inner = openssl::hkdf_extract(
      secret.expose(), {bytes::of(request.actor.person), bytes::of("/"), bytes::of(key)});
  const auto hash = openssl::hmac_sha256(inner.expose(), {bytes::of("name")});
  const auto print = openssl::hmac_sha256(inner.expose(), {bytes::of(request.path), fingerprint});
  return {request.actor.person, bytes::copy(hash), bytes::copy(print),
          openssl::hkdf_expand(inner, "sallyport idempotency v1", openssl::gcm_key_size)};
}

// Nothing when the slot is ours now; else what stands in it.
Result<std::optional<Kept>> claim(Transaction& tx, const Slot& slot, Instant now) {
  TRY(
      tx.run("DELETE FROM idempotency WHERE person = $1 AND key_hash = $2 AND (created_at <= $3 OR "
             "(status = 0 AND "
             "created_at <= $4))",
             slot.person, slot.key_hash, now - kept_for, now - given_up_after));
  const auto ours = TRY(
      tx.run("INSERT INTO idempotency (person, key_hash, fingerprint, status, created_at) VALUES "
             "($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING",
             slot.person, slot.key_hash, slot.fingerprint, now));
  if (ours == 1) return std::optional<Kept>{};
  const auto row = TRY(tx.one(
      "SELECT fingerprint, answer, status FROM idempotency WHERE person = $1 AND key_hash = $2",
      slot.person, slot.key_hash));
  if (!row) return Error{Code::conflict, "idempotency slot gone"};
  return std::optional<Kept>{Kept{row->bytes(0), row->bytes(1), row->integer(2)}};
}

Result<Response> again(const Slot& slot, const Kept& kept) {
  if (!openssl::equal(kept.fingerprint, slot.fingerprint))
    return problem(Problem{Code::conflict,
                           "this Idempotency-Key was used for another request",
                           "idempotency_mismatch",
                           {},
                           {}});
  if (kept.status == 0)
    return problem(Problem{Code::conflict,
                           "the first request with this Idempotency-Key is still running",
                           "idempotency_in_progress",
                           {},
                           1});
  const auto body = TRY(openssl::gcm_open(slot.key, {}, slot.key_hash, kept.answer));
  Response response;
  response.status = static_cast<int>(kept.status);
  response.body = bytes::text(body.expose());
  response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

// The slot's key seals this one answer, so its nonce may be zero: an answer is never replaced.
// Fails when the slot is not ours any more, so that nothing is done twice.
Outcome keep(Transaction& tx, const Slot& slot, const Response& response) {
  const auto sealed = openssl::gcm_seal(slot.key, {}, slot.key_hash, bytes::of(response.body));
  const auto kept = TRY(
      tx.run("UPDATE idempotency SET status = $3, answer = $4 WHERE person = $1 AND key_hash = $2 "
             "AND status = 0",
             slot.person, slot.key_hash, response.status, sealed));
  if (kept != 1) return Error{Code::conflict, "idempotency slot taken"};
  return {};
}

Outcome forget(Core& core, const Slot& slot) {
  const auto work = [&](Transaction& tx) {
    return tx.run("DELETE FROM idempotency WHERE person = $1 AND key_hash = $2 AND status = 0",
                  slot.person, slot.key_hash);
  };
  TRY(core.store.write(work));
  return {};
}

}  // namespace

Result<Response> once(Core& core, const Request& request, BytesView fingerprint,
                      const std::function<Result<Response>(const Keep& keep)>& work) {
  const auto key = request.header("idempotency-key");
  if (!key) return work([](Transaction&, const Response&) { return Outcome{}; });
  if (key->empty() || key->size() > longest_key)
    return problem(Code::invalid_input, {}, {{"Idempotency-Key", "must be 1 to 128 long"}});
  const auto slot = slot_of(core, request, fingerprint, *key);
  const auto begin = [&](Transaction& tx) { return claim(tx, slot, core.clock.now()); };
  const auto kept = TRY(core.store.write(begin));
  if (kept) return again(slot, *kept);
  auto response =
      work([&](Transaction& tx, const Response& answer) { return keep(tx, slot, answer); });
  const bool good = response && response->status < 400 && !response->stream;
  // The work is done: an answer that could not be kept must not turn it into a failure.
  const auto end = [&](Transaction& tx) { return keep(tx, slot, *response); };
  (void)(good ? core.store.write(end) : forget(core, slot));
  return response;
}

}  // namespace sp::api
