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

/// A certificate that the core orders and could not renew.
struct FailedRenewal {
  std::vector<std::string> names;
  std::string directory;  ///< the CA's
  std::string edge_name;
  std::string problem;  ///< in the CA's or the edge's words
  std::optional<Instant> not_after, next_try;
};
mail::Letter renewal_failed(const FailedRenewal& failed, const settings::Values& settings,
                            const std::string& site_url, const mail::Mailbox& to, Instant now);

}  // namespace sp::certificates
