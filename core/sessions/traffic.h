#pragma once
// What gateways report of sessions: docs/formats/ticket.md section 4.

#include "core/edges/outbox.h"
#include "core/sessions/session.h"
#include "pushpull/items/sessions.h"

namespace sp::sessions {

/// Applies what a gateway reports. Every call is part of the transaction that also moves the link's
/// numbers, so each event counts exactly once (promise 6).
class SessionTraffic final : public edges::Traffic {
 public:
  /// `wake_collector` is called after a commit that ended a recorded session.
  SessionTraffic(const Context& context, std::function<void()> wake_collector)
      : context_(context), wake_collector_(std::move(wake_collector)) {}

  [[nodiscard]] bool takes(std::string_view kind) const override {
    return kind.starts_with("ticket.") || kind.starts_with("session.");
  }
  Outcome settled(store::Transaction& transaction, std::string_view edge, std::uint64_t first,
                  std::uint64_t last, std::span<const pushpull::Refused> refused) override;
  Outcome happened(store::Transaction& transaction, std::string_view edge,
                   const pushpull::Event& event) override;
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction& transaction,
                                                  std::string_view edge) override;
  Outcome removed(store::Transaction& transaction, std::string_view edge) override;
  /// Sessions have no settings of their own: the first feature's are sent.
  Result<Bytes> settings(store::Transaction& transaction) override;

  /// Ends what its gateway said nothing about for too long: tickets, and sessions beyond their
  /// limit. Gives how many ended.
  Result<int> sweep();

 private:
  Outcome redeemed(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome started(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome attached(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome host_key(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome recorded(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome file(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome ended(store::Transaction& transaction, Session& session, const pushpull::Event& event);
  Outcome refused(store::Transaction& transaction, std::string_view edge,
                  const std::optional<Session>& session, const pushpull::Event& event);
  Outcome over(store::Transaction& transaction, Session& session, State state, Instant at);
  Outcome record(store::Transaction& transaction, audit::Event event, const Session& session,
                 audit::Details details);

  Context context_;
  std::function<void()> wake_collector_;
};

}  // namespace sp::sessions
