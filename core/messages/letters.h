#pragma once
// The mails of a message: the invitation, and the notices to its sender.

#include <optional>
#include <string>

#include "core/mail/queue.h"
#include "core/messages/message.h"
#include "core/settings/settings.h"

namespace sp::messages {

/// What stands in every letter.
struct LetterFrame {
  const settings::Values& settings;
  std::string site_url;
};

struct Invitation {
  const Message& message;
  const Secret& url;
  const std::optional<Secret>& body;  ///< the sender's own text with [URL]
};
mail::Letter invitation(const LetterFrame& frame, const Invitation& invitation);

struct Notice {
  mail::Occasion occasion;
  const Message& message;  ///< with its sender's address
  Instant when;
  std::string network;  ///< of the recipient; may be empty
};
mail::Letter notice(const LetterFrame& frame, const Notice& notice);

/// True when mails can be sent with these settings.
bool can_mail(const settings::Values& settings);
mail::SmtpServer server_of(const settings::Values& settings, Secret password);

}  // namespace sp::messages
