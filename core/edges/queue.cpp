#include "core/edges/queue.h"

namespace sp::edges {

Result<BodyRef> put_down(store::Transaction& transaction, const keyring::Keyring& keyring,
                         Random& random, BytesView body, Instant keep_until) {
  BodyRef ref{bytes::base64url(random.bytes<16>())};
  const auto sealed = keyring.seal({"item_bodies", ref.id, "body"}, body);
  TRY(transaction.run("INSERT INTO item_bodies (id, keep_until, body) VALUES ($1, $2, $3)", ref.id,
                      keep_until, sealed));
  return ref;
}

Result<std::uint64_t> append(store::Transaction& transaction, std::string_view edge,
                             const std::vector<NewItem>& items) {
  const auto row = TRY(transaction.one(
      "UPDATE edges SET queued = queued + $2 WHERE id = $1 AND state <> 'removed' RETURNING queued",
      edge, items.size()));
  if (!row) return Error{Code::not_found, "edge: not there"};
  const auto last = row->integer(0);
  const auto first = last - static_cast<std::int64_t>(items.size()) + 1;

  auto seq = first;
  for (const auto& item : items) {
    TRY(transaction.run(
        "INSERT INTO outbox (edge, seq, kind, item_id, body) VALUES ($1, $2, $3, $4, $5)", edge,
        seq++, item.kind, item.id, item.body.id));
    const auto taken = TRY(
        transaction.run("UPDATE item_bodies SET keep_until = NULL WHERE id = $1", item.body.id));
    if (taken != 1) return Error{Code::expired, "item: its body was swept"};
  }
  return static_cast<std::uint64_t>(first);
}

Result<std::int64_t> sweep_bodies(store::Transaction& transaction, Instant now) {
  return transaction.run("DELETE FROM item_bodies WHERE keep_until < $1", now);
}

}  // namespace sp::edges
