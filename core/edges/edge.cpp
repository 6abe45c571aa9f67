#include "core/edges/edge.h"

#include <algorithm>

#include "base/random/id.h"
#include "core/edges/outbox.h"
#include "core/edges/queue.h"

namespace sp::edges {
namespace {

constexpr std::string_view columns = "id, name, kind, public_url, intake_url, state, created_at";

State state_named(std::string_view text) {
  if (text == name(State::waiting)) return State::waiting;
  return text == name(State::enrolled) ? State::enrolled : State::removed;
}

Edge edge_of(const store::Row& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), state_named(row.text(5)),
          row.time(6)};
}

Result<Edge> find(store::Transaction& transaction, std::string_view id) {
  const auto row = TRY(transaction.one(
      "SELECT " + std::string{columns} + " FROM edges WHERE id = $1 AND state <> 'removed'", id));
  if (!row) return Error{Code::not_found, "edge: unknown"};
  return edge_of(*row);
}

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '-' &&
         std::ranges::all_of(text, allowed);
}

bool is_https(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  return url.starts_with(scheme) && url.size() > scheme.size() && url.size() <= 500 &&
         !url.ends_with('/') && std::ranges::none_of(url, [](char c) {
           return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '#' || c == '?' ||
                  c == '@' || c == '"' || c == '<' || c == '>';
         });
}

bool has_path(std::string_view url) {
  return url.substr(std::string_view{"https://"}.size()).find('/') != std::string_view::npos;
}

struct FreshLink {
  Secret kit;
  Bytes keys;
};
Result<FreshLink> fresh_link(const Context& context, const Edge& edge) {
  const auto raw = TRY(bytes::from_base64url(edge.id));
  const auto id = TRY(pushpull::EdgeId::of(raw));
  const auto link =
      pushpull::make_link(id, edge.name, edge.kind, context.random, context.clock.now());
  const auto plain = pushpull::encode(link.keys);
  return FreshLink{pushpull::encode(link.kit),
                   context.keyring.seal({"edges", edge.id, "keys"}, plain.expose())};
}

audit::Entry entry(audit::Event event, const access::Permit& permit, const Edge& edge) {
  return {event,
          audit::Ending::success,
          access::who(permit.actor()),
          {"edge", edge.id, edge.name},
          permit.actor().source,
          {}};
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::waiting:
      return "waiting";
    case State::enrolled:
      return "enrolled";
    case State::removed:
      return "removed";
  }
  return "";
}

std::vector<Problem> problems(const NewEdge& edge) {
  std::vector<Problem> out;
  if (!is_name(edge.name))
    out.push_back({"name", "1 to 64 of a-z, 0-9 and -, not beginning with -"});
  if (edge.kind != "selfdestruct" && edge.kind != "gateway")
    out.push_back({"kind", "must be selfdestruct or gateway"});
  if (!is_https(edge.public_url))
    out.push_back({"public_url", "must be https://host[:port][/path] without a slash at the end"});
  if (!is_https(edge.intake_url) || has_path(edge.intake_url))
    out.push_back({"intake_url", "must be https://host:port with nothing after it"});
  return out;
}

Result<Added> add(const Context& context, const access::Permit& permit, const NewEdge& wanted) {
  permit.expect(access::Action::edges_write);
  if (!problems(wanted).empty()) return Error{Code::invalid_input, "edge: a member is wrong"};
  Edge edge{bytes::base64url(random_id(context.random)),
            wanted.name,
            wanted.kind,
            wanted.public_url,
            wanted.intake_url,
            State::waiting,
            context.clock.now()};
  auto link = TRY(fresh_link(context, edge));
  const auto epoch = context.random.bytes<16>();

  auto written = context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto added =
        TRY(transaction.run("INSERT INTO edges (id, name, kind, public_url, intake_url, state, "
                            "created_at, keys, core_epoch, applied, "
                            "sent, queued, last_event) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, "
                            "$7, $8, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
                            edge.id, edge.name, edge.kind, edge.public_url, edge.intake_url,
                            edge.created_at, link.keys, epoch));
    if (added == 0) return Error{Code::conflict, "edge: the name is taken"};
    return context.audit.append(transaction, entry(audit::Event::edge_added, permit, edge));
  });
  TRY(std::move(written));
  return Added{std::move(edge), std::move(link.kit)};
}

Result<Added> renew_kit(const Context& context, const access::Permit& permit, std::string_view id) {
  permit.expect(access::Action::edges_write);
  auto edge = TRY(find(context.store, id));
  auto link = TRY(fresh_link(context, edge));
  auto written = context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto changed = TRY(transaction.run(
        "UPDATE edges SET keys = $2 WHERE id = $1 AND state = 'waiting'", id, link.keys));
    if (changed == 0) return Error{Code::conflict, "edge: enrolled already"};
    return context.audit.append(transaction, entry(audit::Event::edge_kit_made, permit, edge));
  });
  TRY(std::move(written));
  return Added{std::move(edge), std::move(link.kit)};
}

Outcome remove(const Context& context, const access::Permit& permit, Traffic& traffic,
               std::string_view id) {
  permit.expect(access::Action::edges_write);
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.lock("edge/" + std::string{id}));
    const auto edge = TRY(find(transaction, id));
    TRY(transaction.run(
        "DELETE FROM item_bodies WHERE id IN (SELECT body FROM outbox WHERE edge = $1)", id));
    TRY(transaction.run("DELETE FROM outbox WHERE edge = $1", id));
    TRY(transaction.run("UPDATE edges SET state = 'removed', keys = $2 WHERE id = $1", id,
                        Bytes{}));
    TRY(traffic.removed(transaction, id));
    return context.audit.append(transaction, entry(audit::Event::edge_removed, permit, edge));
  });
}

Outcome rotate(const Context& context, const access::Permit& permit, std::string_view id) {
  permit.expect(access::Action::edges_write);
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    const auto edge = TRY(find(transaction, id));
    if (edge.state != State::enrolled) return Error{Code::conflict, "edge: not enrolled yet"};
    auto ref = TRY(put_down(transaction, context.keyring, context.random, pushpull::empty_body(),
                            context.clock.now() + std::chrono::hours{1}));
    TRY(append(transaction, id, {{pushpull::kind::key_rotate, {}, std::move(ref)}}));
    return context.audit.append(transaction, entry(audit::Event::edge_rotated, permit, edge));
  });
}

Result<std::vector<Edge>> list(store::Store& store) {
  return store.read([&](store::Transaction& transaction) -> Result<std::vector<Edge>> {
    // The oldest first: it is also the one of a message that names none (`choose`).
    const auto rows =
        TRY(transaction.query("SELECT " + std::string{columns} +
                              " FROM edges WHERE state <> 'removed' ORDER BY created_at, id"));
    std::vector<Edge> out;
    std::ranges::transform(rows, std::back_inserter(out), edge_of);
    return out;
  });
}

Result<Edge> find(store::Store& store, std::string_view id) {
  return store.read([&](store::Transaction& transaction) { return find(transaction, id); });
}
Result<Edge> read(store::Transaction& transaction, std::string_view id) {
  return find(transaction, id);
}

Result<Edge> choose(store::Transaction& transaction, std::string_view which) {
  const auto row = TRY(transaction.one("SELECT " + std::string{columns} +
                                           " FROM edges WHERE state <> 'removed' AND kind = "
                                           "'selfdestruct' AND ($1 = '' OR id = $1 OR name = $1) "
                                           "ORDER BY created_at, id LIMIT 1",
                                       which));
  if (!row) return Error{Code::not_found, "edge: unknown"};
  return edge_of(*row);
}

}  // namespace sp::edges
