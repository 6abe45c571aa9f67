#include "core/edges/outbox.h"

#include "core/edges/queue.h"

namespace sp::edges {
namespace {

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}
Error gone() {
  return {Code::not_found, "edge: removed"};
}

Result<pushpull::Item> item_of(const keyring::Keyring& keyring, const store::Row& row) {
  const auto body = TRY(keyring.open({"item_bodies", row.text(3), "body"}, row.bytes(4)));
  return pushpull::Item{static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.bytes(2),
                        bytes::copy(body.expose())};
}

}  // namespace

Result<pushpull::LinkKeys> EdgeOutbox::keys() {
  const auto row = TRY(context_.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT keys FROM edges WHERE id = $1 AND state <> 'removed'", edge_);
  }));
  if (!row) return gone();
  const auto opened = TRY(context_.keyring.open({"edges", edge_, "keys"}, row->bytes(0)));
  return pushpull::decode_link_keys(opened.expose());
}

Outcome EdgeOutbox::save(const pushpull::LinkKeys& keys) {
  const auto plain = pushpull::encode(keys);
  const auto sealed = context_.keyring.seal({"edges", edge_, "keys"}, plain.expose());
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto before =
        TRY(transaction.one("SELECT state FROM edges WHERE id = $1 AND state <> 'removed'", edge_));
    if (!before) return gone();
    const bool enrols = keys.epoch > 0 && before->text(0) == name(State::waiting);
    TRY(transaction.run("UPDATE edges SET keys = $2, state = $3 WHERE id = $1", edge_, sealed,
                        keys.epoch > 0 ? name(State::enrolled) : name(State::waiting)));
    if (!enrols) return {};
    TRY(traffic_.enrolled(transaction, edge_));
    return context_.audit.append(transaction, {audit::Event::edge_enrolled,
                                               audit::Ending::success,
                                               audit::the_system(),
                                               {"edge", edge_, ""},
                                               "",
                                               {}});
  });
}

Result<bool> EdgeOutbox::vouches_for(const pushpull::Pin& shown, BytesView leaf) {
  return context_.store.write([&](store::Transaction& transaction) -> Result<bool> {
    const bool vouched = TRY(traffic_.vouches_for(transaction, edge_, leaf));
    if (vouched) TRY(take_pin(context_, transaction, edge_, shown));
    return vouched;
  });
}

Outcome take_pin(const Context& context, store::Transaction& transaction, std::string_view edge,
                 const pushpull::Pin& pin) {
  const keyring::Place place{"edges", edge, "keys"};
  const auto row =
      TRY(transaction.one("SELECT keys FROM edges WHERE id = $1 AND state <> 'removed'", edge));
  if (!row) return gone();
  const auto opened = TRY(context.keyring.open(place, row->bytes(0)));
  auto keys = TRY(pushpull::decode_link_keys(opened.expose()));
  keys.pin = pin;
  const auto plain = pushpull::encode(keys);
  TRY(transaction.run("UPDATE edges SET keys = $2 WHERE id = $1", edge,
                      context.keyring.seal(place, plain.expose())));
  return {};
}

Result<pushpull::LinkNumbers> EdgeOutbox::numbers() {
  const auto row = TRY(context_.store.read([&](store::Transaction& transaction) {
    return transaction.one(
        "SELECT core_epoch, edge_epoch, applied, sent, queued, last_event FROM edges "
        "WHERE id = $1 AND state <> 'removed'",
        edge_);
  }));
  if (!row) return gone();
  pushpull::LinkNumbers out;
  out.core_epoch = TRY(pushpull::Epoch::of(row->bytes(0)));
  if (!row->is_null(1)) out.edge_epoch = TRY(pushpull::Epoch::of(row->bytes(1)));
  out.applied = static_cast<std::uint64_t>(row->integer(2));
  out.sent = static_cast<std::uint64_t>(row->integer(3));
  out.queued = static_cast<std::uint64_t>(row->integer(4));
  out.last_event = static_cast<std::uint64_t>(row->integer(5));
  return out;
}

Result<std::vector<pushpull::Item>> EdgeOutbox::next(std::uint64_t after, std::size_t most_items,
                                                     std::size_t most_bytes) {
  return context_.store.read(
      [&](store::Transaction& transaction) -> Result<std::vector<pushpull::Item>> {
        std::vector<pushpull::Item> items;
        std::size_t used = 0;
        // A few at a time: a row may be a MiB, and the batch ends where the bytes do.
        while (items.size() < most_items) {
          const auto rows =
              TRY(transaction.query("SELECT o.seq, o.kind, o.item_id, o.body, b.body FROM outbox o "
                                    "JOIN item_bodies b ON b.id = o.body "
                                    "WHERE o.edge = $1 AND o.seq > $2 ORDER BY o.seq LIMIT $3",
                                    edge_, number(after), items.empty() ? 8 : 64));
          if (rows.empty()) break;
          for (const auto& row : rows) {
            auto item = TRY(item_of(context_.keyring, row));
            if (item.seq != after + 1) return items;  // not committed in order yet
            used += pushpull::encoded_size(item);
            if (!items.empty() && (used > most_bytes || items.size() == most_items)) return items;
            after = item.seq;
            items.push_back(std::move(item));
          }
        }
        return items;
      });
}

Outcome EdgeOutbox::sending(std::uint64_t upto) {
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run("UPDATE edges SET sent = $2 WHERE id = $1 AND sent < $2", edge_,
                        number(upto)));
    return {};
  });
}

Outcome EdgeOutbox::settle(store::Transaction& transaction, std::uint64_t applied,
                           std::span<const pushpull::Refused> refused) {
  TRY(transaction.lock("edge/" + edge_));
  const auto row = TRY(transaction.one("SELECT applied FROM edges WHERE id = $1", edge_));
  if (!row) return gone();
  const auto before = static_cast<std::uint64_t>(row->integer(0));
  if (applied <= before) return {};

  TRY(transaction.run(
      "DELETE FROM item_bodies WHERE id IN (SELECT body FROM outbox WHERE edge = $1 AND seq <= $2)",
      edge_, number(applied)));
  TRY(transaction.run("DELETE FROM outbox WHERE edge = $1 AND seq <= $2", edge_, number(applied)));
  TRY(transaction.run("UPDATE edges SET applied = $2 WHERE id = $1", edge_, number(applied)));
  return traffic_.settled(transaction, edge_, before + 1, applied, refused);
}

Outcome EdgeOutbox::acknowledged(std::uint64_t applied,
                                 std::span<const pushpull::Refused> refused) {
  return context_.store.write(
      [&](store::Transaction& transaction) { return settle(transaction, applied, refused); });
}

Outcome EdgeOutbox::store_events(std::span<const pushpull::Event> events, std::uint64_t cursor) {
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.lock("edge/" + edge_));
    const auto row = TRY(transaction.one("SELECT last_event FROM edges WHERE id = $1", edge_));
    if (!row) return gone();
    const auto before = static_cast<std::uint64_t>(row->integer(0));
    TRY(transaction.run("UPDATE edges SET last_event = $2 WHERE id = $1", edge_, number(cursor)));
    for (const auto& event : events)
      if (event.seq > before) TRY(traffic_.happened(transaction, edge_, event));
    return {};
  });
}

Outcome EdgeOutbox::begin_resync(const pushpull::Epoch& core_epoch, std::uint64_t settled) {
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(settle(transaction, settled, {}));
    TRY(
        transaction.run("UPDATE edges SET core_epoch = $2, applied = $3, sent = $3, "
                        "queued = CASE WHEN queued < $3 THEN $3 ELSE queued END WHERE id = $1",
                        edge_, core_epoch.view(), number(settled)));
    return {};
  });
}

Result<std::vector<pushpull::LiveMessage>> EdgeOutbox::live() {
  return context_.store.read(
      [&](store::Transaction& transaction) { return traffic_.live(transaction, edge_); });
}

Outcome EdgeOutbox::end_resync(const pushpull::Epoch& edge_epoch) {
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run("UPDATE edges SET edge_epoch = $2 WHERE id = $1", edge_,
                        edge_epoch.view()));
    TRY(queue_settings(context_, transaction, traffic_, edge_));
    return context_.audit.append(transaction, {audit::Event::edge_resynced,
                                               audit::Ending::success,
                                               audit::the_system(),
                                               {"edge", edge_, ""},
                                               "",
                                               {}});
  });
}

Result<std::uint64_t> EdgeOutbox::waiting() {
  const auto row = TRY(context_.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT COUNT(*) FROM outbox WHERE edge = $1", edge_);
  }));
  return static_cast<std::uint64_t>(row->integer(0));
}

Outcome queue_settings(const Context& context, store::Transaction& transaction, Traffic& traffic,
                       std::string_view edge) {
  const auto body = TRY(traffic.settings(transaction));
  auto ref = TRY(put_down(transaction, context.keyring, context.random, body,
                          context.clock.now() + std::chrono::hours{1}));
  TRY(append(transaction, edge, {{pushpull::kind::settings_put, {}, std::move(ref)}}));
  return {};
}

}  // namespace sp::edges
