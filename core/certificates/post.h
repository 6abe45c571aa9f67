#pragma once
#include <vector>

#include "core/mail/mime.h"
#include "core/people/people.h"
#include "core/settings/settings.h"

namespace sp::certificates {

/// To whom and as whom; to nobody while there is no mail server, no sender's address or no
/// administrator with an address.
struct Post {
  settings::Values settings;
  std::vector<mail::Mailbox> to;
};
Result<Post> post_of(settings::Settings& settings, people::People& people);

}  // namespace sp::certificates
