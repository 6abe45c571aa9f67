#pragma once
// The mail that tells an administrator of a certificate that ends.

#include <string>

#include "core/certificates/watch.h"
#include "core/mail/queue.h"
#include "core/settings/settings.h"

namespace sp::certificates {

/// In English: administrators have no language of their own. It waits for a mail server as long as
/// the certificate lasts, at least two days.
mail::Letter warning(const Watched& watched, const settings::Values& settings,
                     const std::string& site_url, const mail::Mailbox& to, Instant now);

}  // namespace sp::certificates
