#include "core/sessions/collect.h"

#include <algorithm>
#include <memory>

#include "base/log/log.h"
#include "core/recordings/pieces.h"
#include "core/sessions/internal/recording_key.h"
#include "core/sessions/internal/rows.h"

namespace sp::sessions {
namespace {

using recordings::Opener;
using recordings::PieceWriter;

constexpr std::uint64_t ask_at_once = 1U << 20U;
constexpr int collect_at_once = 8;
constexpr int tries_when_damaged = 3;
constexpr Duration ask_again = std::chrono::seconds{15};
constexpr Duration claim_for = std::chrono::minutes{30};
constexpr std::int64_t most_days = 36'500;

struct Due {
  std::string session, edge;
  recordings::Progress told;
  std::int64_t tries = 0;
  std::optional<std::int64_t> keep_days;
  bool began = false, edge_is_there = false;
};

Due due_of(const store::Row& row) {
  Due out;
  out.session = row.text(0);
  out.edge = row.text(1);
  out.told.chunks = static_cast<std::uint64_t>(row.integer(2));
  out.told.bytes = static_cast<std::uint64_t>(row.integer(3));
  const auto& hash = row.bytes(4);
  if (hash.size() == out.told.hash.size()) std::ranges::copy(hash, out.told.hash.begin());
  out.tries = row.integer(5);
  out.keep_days = row.maybe_integer(6);
  out.began = !row.is_null(7);
  out.edge_is_there = row.text(8) != edges::name(edges::State::removed);
  return out;
}

Result<std::vector<Due>> find_due(const Context& context) {
  return context.store.read([&](store::Transaction& transaction) -> Result<std::vector<Due>> {
    const auto rows = TRY(transaction.query(
        "SELECT r.session, r.edge, r.told_chunks, r.told_bytes, r.told_hash, r.tries, r.keep_days, "
        "s.started_at, e.state FROM recordings r JOIN host_sessions s ON s.id = r.session JOIN "
        "edges e ON e.id = r.edge WHERE r.over = 1 AND r.stored_at IS NULL AND r.next_try_at <= $1 "
        "ORDER BY r.next_try_at LIMIT $2",
        context.clock.now(), collect_at_once));
    std::vector<Due> out;
    std::ranges::transform(rows, std::back_inserter(out), due_of);
    return out;
  });
}

// Of several cores one does it.
Result<bool> claim(const Context& context, const Due& due) {
  const auto now = context.clock.now();
  const auto changed = TRY(context.store.write([&](store::Transaction& transaction) {
    return transaction.run(
        "UPDATE recordings SET next_try_at = $2, tries = tries + 1 WHERE session = $1 AND over = 1 "
        "AND stored_at IS NULL AND next_try_at <= $3",
        due.session, now + claim_for, now);
  }));
  return changed == 1;
}

struct Collected {
  recordings::State state;
  std::int64_t size = 0, pieces = 0;
};

// Reads what was told to be there, and no byte more.
Result<Collected> fetch(const Context& context, const Links& links, const Due& due) {
  const auto id = TRY(rows::session_id(due.session));
  auto key = TRY(recording_key(context, due.session));
  Opener opener{id, std::move(key)};
  auto writer = TRY(PieceWriter::begin(context.store, context.keyring, due.session));
  while (opener.wanted() < due.told.bytes && !opener.is_damaged()) {
    const auto length = std::min(ask_at_once, due.told.bytes - opener.wanted());
    const auto part = TRY(links.blob(due.edge, {bytes::copy(id), opener.wanted(), length}));
    if (part.data.empty()) break;
    if (part.data.size() > length) return Error{Code::corrupt, "blob: more than was asked for"};
    const auto text = opener.take(part.data);
    if (text) TRY(writer.add(text->expose()));
  }
  TRY(writer.finish());
  return Collected{recordings::verdict(opener, due.told), writer.size(), writer.pieces()};
}

audit::Event event_of(recordings::State state) {
  return state == recordings::State::damaged ? audit::Event::recording_damaged
                                             : audit::Event::recording_stored;
}

Outcome settle(const Context& context, const Links& links, const Due& due,
               const Collected& collected) {
  const auto now = context.clock.now();
  const bool kept = collected.state != recordings::State::none;
  // What is damaged stays at the gateway: it is evidence.
  const bool delete_there =
      collected.state != recordings::State::damaged && due.told.bytes > 0 && due.edge_is_there;
  std::optional<Instant> erase_at;
  if (kept && due.keep_days)
    erase_at = now + std::chrono::days{std::min(*due.keep_days, most_days)};
  const auto id = TRY(rows::session_id(due.session));
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run(
        "UPDATE recordings SET state = $2, private_key = NULL, text_size = $3, pieces = $4, "
        "stored_at = $5, erase_at = $6 WHERE session = $1",
        due.session, name(collected.state), collected.size, collected.pieces, now, erase_at));
    if (delete_there) {
      TRY(rows::queue(context, transaction, due.edge, pushpull::kind::recording_stored, id,
                      pushpull::empty_body()));
      transaction.after_commit([&] { links.wake(due.edge); });
    }
    if (!kept) return {};
    TRY(rows::note(transaction, due.session,
                   {now, "recording.stored", std::string{name(collected.state)}}));
    return context.audit.append(transaction,
                                {event_of(collected.state),
                                 audit::Ending::success,
                                 audit::the_system(),
                                 {"host_session", due.session, ""},
                                 "",
                                 {{audit::Detail::reason, std::string{name(collected.state)}},
                                  {audit::Detail::size, std::to_string(collected.size)}}});
  });
}

Outcome look_after(const Context& context, const Due& due, Duration wait) {
  TRY(context.store.write([&](store::Transaction& transaction) {
    return transaction.run("UPDATE recordings SET next_try_at = $2 WHERE session = $1", due.session,
                           context.clock.now() + wait);
  }));
  return {};
}

Outcome try_later(const Context& context, const Due& due, const Error& error) {
  log::warning(
      "recording_not_collected",
      {{"session", due.session}, {"code", sp::name(error.code())}, {"detail", error.detail()}});
  const auto doublings = std::min<std::int64_t>(due.tries, 6);
  return look_after(context, due, ask_again * (1LL << doublings));  // up to 16 minutes
}

// A gateway that is away is no failed try: its recordings are asked for soon after it is back.
bool waits_for_gateway(const Links& links, const Due& due) {
  return due.edge_is_there && due.told.bytes > 0 && !links.reach(due.edge);
}

// True when it is settled.
Result<bool> collect_one(const Context& context, const Links& links, const Due& due) {
  using recordings::State;
  if (due.told.bytes == 0) {
    TRY(settle(context, links, due, {due.began ? State::cut : State::none}));
    return true;
  }
  if (!due.edge_is_there) {
    TRY(settle(context, links, due, {State::cut}));
    return true;
  }
  const auto collected = fetch(context, links, due);
  if (!collected) {
    TRY(try_later(context, due, collected.error()));
    return false;
  }
  if (collected->state == State::damaged && due.tries + 1 < tries_when_damaged) {
    TRY(try_later(context, due, Error{Code::corrupt, "damaged"}));
    return false;
  }
  TRY(settle(context, links, due, *collected));
  return true;
}

}  // namespace

Result<pushpull::StaticPrivateKey> recording_key(const Context& context,
                                                 const std::string& session) {
  const auto row = TRY(context.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT private_key FROM recordings WHERE session = $1", session);
  }));
  if (!row || row->is_null(0)) return Error{Code::not_found, "recording: no key"};
  const auto opened =
      TRY(context.keyring.open({"recordings", session, "private_key"}, row->bytes(0)));
  return pushpull::StaticPrivateKey::of(opened.expose());
}

Result<int> collect(const Context& context, const Links& links) {
  int settled = 0;
  for (const auto& due : TRY(find_due(context))) {
    if (waits_for_gateway(links, due)) {
      TRY(look_after(context, due, ask_again));
      continue;
    }
    if (!TRY(claim(context, due))) continue;
    if (TRY(collect_one(context, links, due))) ++settled;
  }
  return settled;
}

Result<int> erase_old(const Context& context) {
  return context.store.write([&](store::Transaction& transaction) -> Result<int> {
    const auto now = context.clock.now();
    const auto rows = TRY(transaction.query(
        "SELECT session FROM recordings WHERE erase_at <= $1 ORDER BY erase_at LIMIT 100", now));
    for (const auto& row : rows) {
      const auto& session = row.text(0);
      TRY(recordings::forget_pieces(transaction, session));
      TRY(transaction.run(
          "UPDATE recordings SET state = 'erased', pieces = 0, erase_at = NULL WHERE session = $1",
          session));
      TRY(rows::note(transaction, session, {now, "recording.erased", ""}));
      TRY(context.audit.append(transaction, {audit::Event::recording_erased,
                                             audit::Ending::success,
                                             audit::the_system(),
                                             {"host_session", session, ""},
                                             "",
                                             {}}));
    }
    return static_cast<int>(rows.size());
  });
}

Result<Pieces> open_recording(const Context& context, const access::Permit& permit,
                              const Session& session, Use use) {
  using recordings::State;
  permit.expect(access::Action::recordings_read);
  const auto state = session.recording.state;
  if (state == State::none) return Error{Code::not_found, "recording: none"};
  if (state == State::erased) return Error{Code::expired, "recording: erased"};
  if (!session.recording.stored_at) return Error{Code::unavailable, "recording: not here yet"};
  const bool plays = use == Use::play;
  const auto& actor = permit.actor();
  TRY(context.audit.append(
      context.store, {plays ? audit::Event::recording_played : audit::Event::recording_downloaded,
                      audit::Ending::success,
                      access::who(actor),
                      {"host_session", session.id, session.host_name},
                      actor.source,
                      {}}));
  return Pieces{[&store = context.store, &keyring = context.keyring, id = session.id,
                 number = std::int64_t{0}]() mutable {
    return recordings::read_piece(store, keyring, id, number++);
  }};
}

}  // namespace sp::sessions
