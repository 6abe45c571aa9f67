#include "core/sessions/connect.h"

#include <algorithm>

#include "base/openssl/crypto.h"
#include "base/random/id.h"
#include "core/edges/queue.h"
#include "core/sessions/internal/rows.h"
#include "pushpull/envelope/envelope.h"
#include "pushpull/tickets/tickets.h"

namespace sp::sessions {
namespace {

constexpr Duration staged_for = std::chrono::hours{1};
constexpr Duration look_every{20};

/// What is made for one session and lives in this call alone, but for the recording's key.
struct Ticket {
  pushpull::SessionId session;
  pushpull::TicketId id;
  Secret secret;
  pushpull::StaticPrivateKey recording_key;
};

Ticket make_ticket(Random& random) {
  return {random_id(random), random_id(random), random.secret(pushpull::ticket_secret_size),
          pushpull::StaticPrivateKey::random(random)};
}

// Fills one buffer: no copy of the secret stays behind.
Secret url_of(const edges::Edge& gateway, const Ticket& ticket) {
  auto secret = bytes::base64url(ticket.secret.expose());
  const auto before = gateway.public_url + "/s#" + bytes::base64url(ticket.id) + ".";
  Secret url{before.size() + secret.size()};
  const auto into = url.expose_mutable();
  std::ranges::copy(bytes::of(before), into.begin());
  std::ranges::copy(bytes::of(secret), into.begin() + static_cast<std::ptrdiff_t>(before.size()));
  wipe(secret);
  return url;
}

std::string words(std::string_view text, std::size_t most) {
  while (text.size() > most || !bytes::is_utf8(text)) {
    if (text.empty()) break;
    text.remove_suffix(1);
  }
  return std::string{text};
}

Session session_of(const access::Actor& actor, const Destination& to, const edges::Edge& gateway,
                   const Ticket& ticket, std::string_view reason, Instant now) {
  Session out;
  out.id = bytes::base64url(ticket.session);
  out.owner = actor.person;
  out.owner_login = actor.login;
  out.owner_name = actor.name;
  out.edge = gateway.id;
  out.edge_name = gateway.name;
  out.site = to.site;
  out.site_name = to.site_name;
  out.host = to.host;
  out.host_name = to.host_name;
  out.address = to.address;
  out.port = to.port;
  out.protocol = to.protocol;
  out.credential = to.credential;
  out.credential_name = to.credential_name;
  out.login = to.secret.login;
  out.reason = reason;
  out.rights = to.rights;
  out.record = to.record;
  out.record_input = to.record && to.record_input;
  out.created_at = now;
  out.expires_at = now + ticket_life;
  if (to.record) out.recording.state = recordings::State::awaited;
  return out;
}

pushpull::TicketPut put_of(const Session& session, const Destination& to, const Ticket& ticket) {
  const auto keys = pushpull::ticket_keys(ticket.id, ticket.secret);
  pushpull::TicketPut put;
  put.session = ticket.session;
  put.open = keys.open;
  put.life = ticket_life;
  put.protocol = to.protocol;
  put.title = words(to.secret.login + "@" + to.host_name, 200);
  put.user = words(session.owner_name.empty() ? session.owner_login : session.owner_name, 200);
  put.host = to.address;
  put.port = to.port;
  put.networks = to.networks;
  put.host_keys = to.host_keys;
  put.host_cas = to.host_cas;
  put.first_use = to.first_use;
  put.rights = to.rights;
  put.idle = to.idle;
  put.total = to.total;
  put.record = to.record;
  put.record_input = session.record_input;
  if (to.record) put.recording_key = pushpull::core_public_key(ticket.recording_key).bytes;
  put.disk_full = to.disk_full;
  put.sealed = pushpull::seal_credential(keys, ticket.id, to.secret);
  return put;
}

std::string search_text(const Session& session) {
  std::string out;
  for (const auto* text :
       {&session.owner_login, &session.owner_name, &session.host_name, &session.site_name,
        &session.address, &session.login, &session.credential_name, &session.reason})
    out += *text + "\n";
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Outcome insert(store::Transaction& transaction, const Session& session, const Destination& to,
               const Ticket& ticket, std::uint64_t put_seq) {
  TRY(transaction.run(
      "INSERT INTO host_sessions (id, ticket, owner, owner_login, owner_name, edge, edge_name, "
      "site, site_name, host, host_name, address, port, protocol, credential, credential_name, "
      "login, reason, rights, record, record_input, total_ms, put_seq, state, created_at, "
      "expires_at, bytes_in, bytes_out, search) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
      "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 'waiting', $24, $25, 0, 0, "
      "$26)",
      session.id, pushpull::hash_of(ticket.id), session.owner, session.owner_login,
      session.owner_name, session.edge, session.edge_name, session.site, session.site_name,
      session.host, session.host_name, session.address, session.port, session.protocol,
      session.credential, session.credential_name, session.login, session.reason, session.rights,
      session.record, session.record_input, to.total.count(), put_seq, session.created_at,
      session.expires_at, search_text(session)));
  return rows::note(transaction, session.id, {session.created_at, "session.asked", ""});
}

Outcome insert_recording(const Context& context, store::Transaction& transaction,
                         const Session& session, const Destination& to, const Ticket& ticket) {
  if (!session.record) return {};
  const auto sealed = context.keyring.seal({"recordings", session.id, "private_key"},
                                           ticket.recording_key.secret().expose());
  TRY(transaction.run(
      "INSERT INTO recordings (session, edge, state, private_key, told_chunks, told_bytes, over, "
      "text_size, pieces, tries, next_try_at, keep_days) VALUES ($1, $2, 'awaited', $3, 0, 0, 0, "
      "0, 0, 0, $4, $5)",
      session.id, session.edge, sealed, session.created_at, to.recording_days));
  return {};
}

audit::Entry asked(const access::Actor& actor, const Session& session) {
  using audit::Detail;
  audit::Entry entry{audit::Event::host_session_asked,
                     audit::Ending::success,
                     access::who(actor),
                     {"host_session", session.id, session.host_name},
                     actor.source,
                     {{Detail::edge, session.edge_name},
                      {Detail::site, session.site_name},
                      {Detail::login, session.login}}};
  if (!session.reason.empty()) entry.details.emplace_back(Detail::reason_given, session.reason);
  return entry;
}

// Amber is also a certificate that ends soon: such a gateway answers.
bool answers(const std::optional<pushpull::LinkHealth>& health) {
  if (!health || !health->enrolled) return false;
  return health->light == pushpull::Light::green ||
         (health->light == pushpull::Light::amber && health->last_contact);
}

const edges::Edge* reachable(const Links& links, const std::vector<edges::Edge>& gateways) {
  const edges::Edge* amber = nullptr;
  for (const auto& gateway : gateways) {
    const auto health = links.health(gateway.id);
    if (!answers(health)) continue;
    if (health->light == pushpull::Light::green) return &gateway;
    if (amber == nullptr) amber = &gateway;
  }
  return amber;
}

NotConnected unreachable(const Links& links, const Destination& to) {
  NotConnected out;
  out.detail = "No gateway of the site " + to.site_name + " can be reached.";
  for (const auto& gateway : to.gateways) {
    const auto health = links.health(gateway.id);
    if (health && !health->reason.empty()) out.detail += " " + gateway.name + ": " + health->reason;
  }
  return out;
}

enum class Taken : std::uint8_t { yes, refused, not_yet };

Result<Taken> is_taken(store::Store& store, const Session& session, std::uint64_t put_seq) {
  return store.read([&](store::Transaction& transaction) -> Result<Taken> {
    const auto row = TRY(transaction.one(
        "SELECT s.state, e.applied FROM host_sessions s JOIN edges e ON e.id = s.edge WHERE s.id "
        "= $1",
        session.id));
    if (!row || row->text(0) != name(State::waiting)) {
      // It may have been redeemed before the acknowledgement came.
      const bool begun = row && state_named(row->text(0)).value_or(State::failed) != State::failed;
      return begun ? Taken::yes : Taken::refused;
    }
    return static_cast<std::uint64_t>(row->integer(1)) >= put_seq ? Taken::yes : Taken::not_yet;
  });
}

// The gateway's connection was up a moment ago and is not now: the ticket must not come to life
// when nobody waits for it any more.
Outcome give_up(const Context& context, const Session& session, const Ticket& ticket,
                const Wake& wake) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    auto now_known = TRY(rows::locked(transaction, session.id));
    if (!now_known) return {};
    const auto now = context.clock.now();
    if (!TRY(rows::end(transaction, *now_known, {State::failed, {}, now}))) return {};
    TRY(rows::recording_is_over(transaction, session.id, now));
    transaction.after_commit([&wake, edge = session.edge] { wake(edge); });
    return rows::queue(context, transaction, session.edge, pushpull::kind::ticket_revoke,
                       pushpull::hash_of(ticket.id), pushpull::empty_body());
  });
}

}  // namespace

bool Links::reach(const std::string& edge) const {
  return answers(health(edge));
}

Result<std::variant<Connected, NotConnected>> connect(const Context& context, const Links& links,
                                                      const access::Permit& permit,
                                                      Destination destination,
                                                      std::string_view reason,
                                                      const std::function<void(Duration)>& wait) {
  using Answer = std::variant<Connected, NotConnected>;
  permit.expect(access::Action::host_sessions_connect);
  const auto* gateway = reachable(links, destination.gateways);
  if (gateway == nullptr) {
    pushpull::wipe(destination.secret);
    return Answer{unreachable(links, destination)};
  }
  const auto ticket = make_ticket(context.random);
  const auto session =
      session_of(permit.actor(), destination, *gateway, ticket, reason, context.clock.now());
  const auto put = pushpull::encode(put_of(session, destination, ticket));
  pushpull::wipe(destination.secret);

  auto written = context.store.write([&](store::Transaction& transaction) -> Result<std::uint64_t> {
    auto body = TRY(edges::put_down(transaction, context.keyring, context.random, put,
                                    session.created_at + staged_for));
    const auto number = TRY(edges::append(
        transaction, session.edge,
        {{pushpull::kind::ticket_put, bytes::copy(pushpull::hash_of(ticket.id)), body}}));
    TRY(insert(transaction, session, destination, ticket, number));
    TRY(insert_recording(context, transaction, session, destination, ticket));
    transaction.after_commit([&] { links.wake(session.edge); });
    TRY(context.audit.append(transaction, asked(permit.actor(), session)));
    return number;
  });
  const auto seq = TRY(std::move(written));

  auto taken = Taken::not_yet;
  for (Duration waited{}; taken == Taken::not_yet && waited < wait_for_gateway;
       waited += look_every) {
    wait(look_every);
    taken = TRY(is_taken(context.store, session, seq));
  }
  if (taken == Taken::yes) return Answer{Connected{session, url_of(*gateway, ticket)}};
  TRY(give_up(context, session, ticket, links.wake));
  return Answer{NotConnected{Code::unavailable,
                             taken == Taken::refused
                                 ? "The gateway " + gateway->name + " refused the session."
                                 : "The gateway " + gateway->name + " did not answer in time."}};
}

}  // namespace sp::sessions
