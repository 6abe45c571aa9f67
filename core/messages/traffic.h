#pragma once
// What becomes of messages: news from edges, time that runs out, mails that went out.

#include <functional>
#include <string>

#include "core/edges/outbox.h"
#include "core/mail/queue.h"
#include "core/messages/message.h"
#include "core/settings/settings.h"

namespace sp::messages {

/// Applies what an edge reports. Every call is part of the transaction that also moves the link's
/// numbers, so each event counts exactly once (promise 6).
class MessageTraffic final : public edges::Traffic {
 public:
  /// `wake_mailer` is called after a commit that made a mail due.
  MessageTraffic(const Context& context, settings::Settings& settings, std::string site_url,
                 std::function<void()> wake_mailer)
      : context_(context),
        settings_(settings),
        site_url_(std::move(site_url)),
        wake_mailer_(std::move(wake_mailer)) {}

  [[nodiscard]] bool takes(std::string_view kind) const override {
    return kind.starts_with("message.") || kind == pushpull::kind::edge_warning;
  }
  Outcome settled(store::Transaction& transaction, std::string_view edge, std::uint64_t first,
                  std::uint64_t last, std::span<const pushpull::Refused> refused) override;
  Outcome happened(store::Transaction& transaction, std::string_view edge,
                   const pushpull::Event& event) override;
  Result<std::vector<pushpull::LiveMessage>> live(store::Transaction& transaction,
                                                  std::string_view edge) override;
  Outcome removed(store::Transaction& transaction, std::string_view edge) override;
  Result<Bytes> settings(store::Transaction& transaction) override;

  /// Ends running messages whose edge said nothing for a while after their time, deletes bodies and
  /// uploads that nobody took. Gives how many messages ended.
  Result<int> sweep();

 private:
  Outcome become_live(store::Transaction& transaction, Message& message);
  Outcome finish(store::Transaction& transaction, Message& message, State state,
                 std::optional<Reason> reason, Instant at);
  Outcome viewed(store::Transaction& transaction, Message& message, const pushpull::Event& event);
  Outcome refused(store::Transaction& transaction, Message& message, const pushpull::Event& event);
  Outcome destroyed(store::Transaction& transaction, Message& message,
                    const pushpull::Event& event);
  Outcome notify(store::Transaction& transaction, const Message& message, mail::Occasion occasion,
                 Instant when, const std::string& network);
  Outcome record(store::Transaction& transaction, audit::Event event, const Message& message,
                 audit::Details details);

  Context context_;
  settings::Settings& settings_;
  std::string site_url_;
  std::function<void()> wake_mailer_;
};

/// What the mail queue tells: the state on the message, its timeline, the audit trail.
Outcome mail_settled(const Context& context, store::Transaction& transaction,
                     const mail::Settled& settled);

}  // namespace sp::messages
