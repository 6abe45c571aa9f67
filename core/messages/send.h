#pragma once
// Sending: from what a user wrote to a sealed message in an edge's outbox and a link.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/edges/edge.h"
#include "core/messages/format/content.h"
#include "core/messages/format/stretch.h"
#include "core/messages/letters.h"
#include "core/messages/message.h"
#include "core/messages/upload.h"
#include "core/people/people.h"
#include "core/settings/settings.h"

namespace sp::messages {

inline constexpr Duration max_grace = std::chrono::minutes{10};
inline constexpr std::int64_t max_attempts = 100;

/// What a user asks for. Absent: what the settings say.
struct NewMessage {
  Secret text;
  std::vector<Field> fields;
  std::vector<std::string> uploads;  ///< ids, of this user
  std::optional<Duration> life;
  std::optional<std::int64_t> views;
  std::optional<Secret> passphrase;
  std::int64_t attempts = 5;
  Duration grace = std::chrono::seconds{60};
  std::optional<std::string> to, to_name, subject;
  std::string language = "en";
  std::optional<Secret> mail_body;  ///< instead of the template's text
  bool notify = true;
  bool show_sender = true;
  std::string site;  ///< id or name of an edge; empty: the first one
};

/// A member that cannot be accepted, with its path, and what to do about it.
struct Problem {
  std::string field, detail;
};

/// A checked message, ready to be sent; or its problems.
struct Plan {
  std::vector<Problem> problems;
  Content content;
  std::vector<Upload> uploads;
  edges::Edge edge;
  settings::Values settings;
  NewMessage wanted;  ///< life and views filled in; text and fields moved to `content`
};

struct Sent {
  Message message;
  Secret url;  ///< the link: in this answer and nowhere else
};

/// Safe from every thread.
class Sender {
 public:
  using Wake = std::function<void(const std::string& edge)>;
  /// `site_url` stands in mails. All references must outlive the sender.
  Sender(const Context& context, settings::Settings& settings, people::People& people,
         Stretcher& stretcher, std::string site_url, Wake wake)
      : context_(context),
        settings_(settings),
        people_(people),
        stretcher_(stretcher),
        site_url_(std::move(site_url)),
        wake_(std::move(wake)) {}

  /// Looks at everything that can be wrong with it.
  Result<Plan> plan(const access::Permit& permit, NewMessage wanted) const;
  /// Runs in the transaction that sends; when it fails, nothing was sent.
  using Within = std::function<Outcome(store::Transaction&, const Sent&)>;
  /// One transaction: message, items for the edge, invitation, audit event, and `within`. The plan
  /// has no problems.
  Result<Sent> send(const access::Permit& permit, Plan plan, const Within& within = {}) const;

 private:
  Context context_;
  settings::Settings& settings_;
  people::People& people_;
  Stretcher& stretcher_;
  std::string site_url_;
  Wake wake_;
};

/// Ends a message now: revoked here at once, at the edge as soon as it is reached. A message that
/// has ended already stays as it is. Gives the message as it is then.
Result<Message> destroy(const Context& context, const access::Permit& permit, std::string_view id,
                        const Sender::Wake& wake);

}  // namespace sp::messages
