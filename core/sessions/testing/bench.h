#pragma once
// A core with one gateway, which the test plays, for the tests of sessions.

#include <algorithm>
#include <set>

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"
#include "core/sessions/collect.h"
#include "core/sessions/connect.h"
#include "core/sessions/host_keys.h"
#include "core/sessions/live.h"
#include "core/sessions/traffic.h"
#include "pushpull/tickets/tickets.h"

namespace sp::sessions::testing {

using namespace std::chrono_literals;

inline std::string text(const Secret& value) {
  return std::string{bytes::text(value.expose())};
}
inline auto each_engine() {
  return GENERATE(from_range(store::testing::engines()));
}

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    actor.kind = access::Actor::Kind::person;
    actor.person = "p1";
    actor.login = "ada";
    actor.name = "Ada";
    actor.role = access::Role::administrator;
    actor.source = "10.0.0.7";
    traffic = std::make_unique<SessionTraffic>(context(), [this] { ++collector_woken; });
    gateway = add_edge("site-a");
    outbox = std::make_unique<edges::EdgeOutbox>(edges_context(), *traffic, gateway.id);
    links.health = [this](const std::string&) { return health; };
    links.wake = [this](const std::string& id) { woken.push_back(id); };
    links.blob = [this](const std::string&, const pushpull::BlobRequest& request) {
      return blob(request);
    };
    health.emplace();
    health->light = pushpull::Light::green;
    health->enrolled = true;
  }

  Context context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  edges::Context edges_context() { return {fresh.store(), *keyring, *audit, clock, random}; }
  access::Permit permit(access::Action action) {
    return *access::authorise(actor, action, {"host_session", "", actor.person});
  }
  edges::Edge add_edge(const std::string& name) {
    return edges::add(edges_context(), permit(access::Action::edges_write),
                      {name, "gateway", "https://gate.test", "https://127.0.0.1:1"})
        ->edge;
  }

  Destination destination() {
    Destination to;
    to.site = "site1";
    to.site_name = "Site A";
    to.host = "host1";
    to.host_name = "db-1";
    to.address = "10.1.2.3";
    to.gateways = {gateway};
    to.credential = "cred1";
    to.credential_name = "root of db-1";
    to.secret = {"root", "password", bytes::copy(bytes::of("geheim")), {}, {}, {}};
    return to;
  }
  /// The gateway takes all that waits.
  void deliver(std::vector<pushpull::Refused> not_taken = {}) {
    const auto queued = outbox->numbers()->queued;
    REQUIRE(outbox->sending(queued));
    REQUIRE(outbox->acknowledged(queued, not_taken));
  }
  std::vector<pushpull::Item> items() {
    return *outbox->next(outbox->numbers()->applied, 1024, 8U << 20U);
  }
  /// Asks for a session; the gateway takes the ticket while the caller waits.
  Result<std::variant<Connected, NotConnected>> ask(Destination to, std::string_view reason = "") {
    return connect(context(), links, permit(access::Action::host_sessions_connect), std::move(to),
                   reason, [this](Duration) {
                     const auto waiting = items();
                     pushed.insert(pushed.end(), waiting.begin(), waiting.end());
                     if (gateway_answers) deliver(refused);
                   });
  }
  Connected connected() {
    auto answer = ask(destination(), "a broken index");
    REQUIRE(answer);
    REQUIRE(std::holds_alternative<Connected>(*answer));
    return std::get<Connected>(std::move(*answer));
  }

  Bytes raw_id(const std::string& session) { return *bytes::from_base64url(session); }
  void report(std::string_view kind, const std::string& session, Bytes body) {
    const pushpull::Event event{++last_event, std::string{kind}, raw_id(session), clock.now(),
                                std::move(body)};
    REQUIRE(outbox->store_events(std::vector{event}, event.seq));
  }
  void redeem(const std::string& id) {
    report(pushpull::kind::ticket_redeemed, id, encode(pushpull::TicketRedeemed{"192.0.2.9"}));
  }
  void start(const std::string& id) {
    redeem(id);
    report(pushpull::kind::session_started, id,
           encode(pushpull::SessionStarted{"10.1.2.3", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"}));
  }
  void end(const std::string& id, const pushpull::SessionEnded& body) {
    report(pushpull::kind::session_ended, id, encode(body));
  }
  Session session(const std::string& id) { return *find(fresh.store(), id); }
  std::vector<std::string> codes(const std::string& id) {
    std::vector<std::string> out;
    const auto entries = timeline(fresh.store(), permit(access::Action::host_sessions_read), id);
    for (const auto& entry : *entries) out.push_back(entry.code);
    return out;
  }
  std::int64_t count(const std::string& sql) {
    return *fresh.store().read([&](store::Transaction& transaction) -> Result<std::int64_t> {
      const auto row = TRY(transaction.one(sql));
      return row->integer(0);
    });
  }
  bool trail_has(std::string_view code) {
    const auto records = *audit::list(fresh.store(), {}, 0, 200);
    return std::ranges::any_of(records, [&](const auto& record) { return record.code == code; });
  }

  Result<pushpull::BlobResponse> blob(const pushpull::BlobRequest& request) {
    if (!blobs_answer) return Error{Code::unavailable, "the gateway is away"};
    const auto offset = std::min<std::size_t>(request.offset, recording.size());
    const auto size = std::min<std::size_t>(request.length, recording.size() - offset);
    const auto part = BytesView{recording}.subspan(offset, std::min(size, most_blob));
    return pushpull::BlobResponse{recording.size(), bytes::copy(part)};
  }

  access::Actor actor;
  std::unique_ptr<SessionTraffic> traffic;
  edges::Edge gateway;
  std::unique_ptr<edges::EdgeOutbox> outbox;
  Links links;
  std::optional<pushpull::LinkHealth> health;
  std::vector<std::string> woken;
  std::vector<pushpull::Item> pushed;
  std::vector<pushpull::Refused> refused;
  bool gateway_answers = true, blobs_answer = true;
  Bytes recording;  ///< what the gateway holds
  std::size_t most_blob = 1U << 20U;
  int collector_woken = 0;
  std::uint64_t last_event = 0;
};

}  // namespace sp::sessions::testing
