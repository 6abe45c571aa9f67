#include "core/identities/identities.h"

#include <algorithm>
#include <utility>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "core/edges/queue.h"
#include "core/identities/rows.h"

namespace sp::identities {
namespace {

using namespace std::chrono_literals;
namespace kind = pushpull::kind;
constexpr std::string_view lock_name = "link authorities";
constexpr auto round_every = 60s;
constexpr Duration patience = 1h;  // for an order that came to nothing: a resync, a full disk

// An authority gives way to the next this long before it ends, so that no identity is cut short.
constexpr Duration last_year = std::chrono::days{365};

// Pure: whether this edge is to be asked for an identity of the authority that signs now.
bool is_due(const std::optional<rows::Identity>& identity, std::int64_t signing, Instant now) {
  if (!identity) return true;
  const bool answered = identity->shown && identity->made &&
                        identity->shown->fingerprint == identity->made->fingerprint;
  if (!answered) return now >= identity->asked_at + patience;
  return identity->shown->authority != signing ||
         now >= renewal_of(identity->shown->from, identity->shown->until);
}

Outcome queue(const Context& context, store::Transaction& tx, std::string_view edge,
              std::string_view what, BytesView body) {
  auto ref = TRY(
      edges::put_down(tx, context.keyring, context.random, body, context.clock.now() + patience));
  TRY(edges::append(tx, edge, {{what, {}, std::move(ref)}}));
  return {};
}

Outcome ask(const Context& context, store::Transaction& tx, const std::string& edge) {
  const auto order = context.random.bytes<16>();
  TRY(rows::ask(tx, {edge, bytes::copy(order), context.clock.now(), {}, {}}));
  return queue(context, tx, edge, kind::identity_request,
               pushpull::encode(pushpull::CertificateRequest{order, {uri_of(edge)}}));
}

Result<std::vector<Standing>> standings(store::Transaction& tx) {
  std::vector<Standing> out;
  for (const auto& row : TRY(tx.query(
           "SELECT e.id, e.name, i.shown_authority, i.shown_until FROM edges e LEFT JOIN "
           "link_identities i ON i.edge = e.id WHERE e.state = 'enrolled' ORDER BY e.created_at, "
           "e.id")))
    out.push_back({row.text(0), row.text(1), row.maybe_integer(2), row.maybe_time(3)});
  return out;
}

Outcome tell(const Context& context, store::Transaction& tx, audit::Event event,
             std::int64_t authority) {
  return context.audit.append(tx, {.event = event,
                                   .actor = audit::the_system(),
                                   .details = {{audit::Detail::count, std::to_string(authority)}}});
}

Result<State> state_of(store::Transaction& tx) {
  State out{TRY(rows::numbers(tx)), TRY(standings(tx))};
  return out;
}

Outcome make_next(const Context& context, store::Transaction& tx) {
  TRY(rows::add_authority(context, tx));
  return tell(context, tx, audit::Event::link_authority_made, TRY(rows::numbers(tx)).back());
}

// Begins with the first authority, gives way to the next in time, ends with the old one's end.
Outcome bring_on(const Context& context, store::Transaction& tx) {
  const auto state = TRY(state_of(tx));
  if (state.authorities.empty()) return make_next(context, tx);
  if (state.is_rotating()) {
    if (!state.unconfirmed().empty()) return {};
    TRY(rows::retire_below(tx, state.authorities.back()));
    return tell(context, tx, audit::Event::link_authority_retired, state.authorities.front());
  }
  const auto end = TRY(rows::end_of_newest(tx));
  if (context.clock.now() < end - last_year) return {};
  return make_next(context, tx);
}

}  // namespace

Instant renewal_of(Instant from, Instant until) {
  return from + (until - from) / 2;
}

std::vector<std::string> State::unconfirmed() const {
  std::vector<std::string> out;
  for (const auto& edge : edges)
    if (authorities.empty() || edge.authority != authorities.back()) out.push_back(edge.name);
  return out;
}

Result<State> state(store::Store& store) {
  return store.read([](store::Transaction& tx) { return state_of(tx); });
}

Outcome begin_rotation(const Context& context) {
  return context.store.write([&](store::Transaction& tx) -> Outcome {
    TRY(tx.lock(lock_name));
    const auto now = TRY(state_of(tx));
    if (!now.is_rotating()) return make_next(context, tx);
    std::string waits;
    for (const auto& edge : now.unconfirmed()) waits += (waits.empty() ? "" : ", ") + edge;
    return Error{Code::conflict, "an authority is being replaced already" +
                                     (waits.empty() ? ", and is retired within a minute"
                                                    : "; it waits for: " + waits)};
  });
}

Outcome roll_back(const Context& context) {
  return context.store.write([&](store::Transaction& tx) -> Outcome {
    TRY(tx.lock(lock_name));
    const auto numbers = TRY(rows::numbers(tx));
    if (numbers.size() < 2) return Error{Code::conflict, "no authority is being replaced"};
    TRY(rows::renumber(context, tx, numbers.front(), numbers.back() + 1));
    return tell(context, tx, audit::Event::link_authority_kept, numbers.back() + 1);
  });
}

Result<std::vector<std::string>> round(const Context& context) {
  return context.store.write([&](store::Transaction& tx) -> Result<std::vector<std::string>> {
    TRY(tx.lock(lock_name));
    TRY(bring_on(context, tx));
    const auto now = TRY(state_of(tx));
    std::vector<std::string> asked;
    for (const auto& edge : now.edges) {
      const auto identity = TRY(rows::identity(tx, edge.edge));
      const bool due = is_due(identity, now.authorities.back(), context.clock.now());
      if (!due || TRY(rows::is_waiting(tx, edge.edge))) continue;
      TRY(ask(context, tx, edge.edge));
      asked.push_back(edge.edge);
    }
    return asked;
  });
}

bool Identities::takes(std::string_view what) const {
  return what == kind::identity_requested || what == kind::identity_installed ||
         what == kind::identity_refused;
}

Outcome Identities::happened(store::Transaction& tx, std::string_view edge,
                             const pushpull::Event& event) {
  if (event.kind == kind::identity_requested) return requested(tx, edge, event.body);
  if (event.kind == kind::identity_installed) return installed(tx, edge, event.body);
  const auto refused = pushpull::decode_certificate_refused(event.body);
  log::warning("identity_refused",
               {{"edge", edge}, {"code", refused ? refused->code.substr(0, 32) : "malformed"}});
  return {};
}

// Signs what this edge was asked for last, once: an edge that sends many requests gets one answer.
Outcome Identities::requested(store::Transaction& tx, std::string_view edge, BytesView body) {
  const auto event = pushpull::decode_certificate_requested(body);
  const auto identity = TRY(rows::identity(tx, edge));
  const bool ours =
      event && identity && !identity->made && std::ranges::equal(identity->order, event->order);
  const auto key = ours ? requested_key(event->csr)
                        : Result<openssl::Pkey>{Error{Code::invalid_input, "not asked for"}};
  if (!key) {
    log::warning("identity_not_signed", {{"edge", edge}, {"why", key.error().detail()}});
    return {};
  }
  const auto trusted = TRY(rows::authorities(context_, tx));
  if (trusted.empty()) return {};
  const auto& authority = trusted.back();
  const auto made = TRY(sign(authority.signer, **key, edge, context_.clock.now(), context_.random));
  const auto facts = tls::facts(*made);
  TRY(rows::note_signed(tx, edge,
                        {authority.number, bytes::copy(facts.pin), bytes::copy(facts.fingerprint),
                         facts.not_before, facts.not_after}));
  const auto chain = bytes::copy(bytes::of(certs::pem_of(*made)));
  tx.after_commit([this, to = std::string{edge}] { look_at(to); });
  return queue(context_, tx, edge, kind::identity_put,
               pushpull::encode(pushpull::CertificatePut{event->order, chain}));
}

Outcome Identities::installed(store::Transaction& tx, std::string_view edge, BytesView body) {
  const auto event = pushpull::decode_certificate_installed(body);
  const auto identity = TRY(rows::identity(tx, edge));
  const bool ours = event && identity && identity->made &&
                    std::ranges::equal(identity->order, event->order) &&
                    std::ranges::equal(identity->made->fingerprint, event->fingerprint);
  if (!ours) {
    log::warning("identity_not_known", {{"edge", edge}});
    return {};
  }
  TRY(rows::note_shown(tx, edge));
  const auto pin = TRY(pushpull::Pin::of(identity->made->pin));
  TRY(edges::take_pin(context_, tx, edge, pin));
  tx.after_commit([this] { look_at({}); });  // it may be the last that was waited for
  return context_.audit.append(tx, {audit::Event::edge_identity_renewed,
                                    audit::Ending::success,
                                    {"edge", std::string{edge}, ""},
                                    {"edge", std::string{edge}, ""},
                                    "",
                                    {{audit::Detail::expires_at, rfc3339(identity->made->until)}}});
}

Outcome Identities::removed(store::Transaction& tx, std::string_view edge) {
  return rows::forget(tx, edge);
}

// One that is not the last that was signed is of an edge that was set back, or of an order that was
// given up: it is the edge's all the same, and gives way to a new one at once.
Result<bool> Identities::vouches_for(store::Transaction& tx, std::string_view edge,
                                     BytesView leaf) {
  const auto shown = tls::parse_der(leaf);
  if (!shown) return false;
  bool ours = false;
  for (const auto& authority : TRY(rows::authorities(context_, tx)))
    ours =
        ours || is_identity_of(**shown, *authority.signer.certificate, edge, context_.clock.now());
  if (!ours) return false;
  const auto identity = TRY(rows::identity(tx, edge));
  const bool is_last =
      identity && identity->made &&
      std::ranges::equal(identity->made->fingerprint, tls::facts(**shown).fingerprint);
  if (is_last) return true;
  log::warning("identity_of_before", {{"edge", edge}});
  TRY(rows::forget(tx, edge));
  tx.after_commit([this] { look_at({}); });
  return true;
}

Outcome Identities::enrolled(store::Transaction& tx, std::string_view /*edge*/) {
  tx.after_commit([this] { look_at({}); });
  return {};
}

void Identities::start() {
  thread_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
}

void Identities::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Identities::look_at(std::string edge) {
  {
    const std::lock_guard lock{mutex_};
    if (!edge.empty()) to_wake_.push_back(std::move(edge));
    looks_ = true;
  }
  sleep_.notify_all();
}

void Identities::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto asked = round(context_);
    if (!asked) log::error("identities", asked.error());
    if (asked) std::ranges::for_each(*asked, wake_);
    std::unique_lock lock{mutex_};
    sleep_.wait_for(lock, stop, round_every, [this] { return looks_; });
    looks_ = false;
    const auto to_wake = std::exchange(to_wake_, {});
    lock.unlock();
    std::ranges::for_each(to_wake, wake_);
  }
}

}  // namespace sp::identities
