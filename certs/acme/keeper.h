#pragma once
// Issues, renews and revokes the certificate of one folder: the steps in their order.

#include <functional>
#include <string>

#include "certs/acme/folder.h"

namespace sp::acme {

/// The account in `folder`, or an Error that says how to get one. A change of its key that was
/// interrupted is brought to its end.
Result<Account> open_account(Session& session, const std::filesystem::path& folder);
/// Registers with a new key, or with the one that `folder` has already. `ca_file` is noted for
/// later runs.
Result<Account> make_account(Session& session, const std::filesystem::path& folder,
                             const std::string& ca_file, const Registration& wanted);
/// A new key for the account in `folder`.
Outcome renew_account_key(Session& session, const std::filesystem::path& folder);

/// How the challenges of `settings` are answered. Called when there is something to order, so that
/// a port is taken no longer than it is needed.
using MakeSolvers = std::function<Result<Solvers>()>;

/// Obtains a certificate as `settings` say and puts it into `folder`, together with the settings.
/// The folder is locked already.
Outcome issue(Session& session, Folder& folder, const Settings& settings,
              const MakeSolvers& make_solvers);

enum class When : std::uint8_t { due, now, never };  ///< never: only looks
struct Renewed {
  bool done = false;  ///< a new certificate is there
  bool is_due = false;
  Instant due{};      ///< when it is, or was
  std::string why{};  ///< a clause: "the CA suggests 2026-11-24 to 2026-11-26"
};
/// Renews what is in `folder` when it is due: by the CA's advice, else by its life. A failure is
/// noted, and the next attempt waits for a while (not with When::now).
Result<Renewed> renew(Session& session, Folder& folder, const MakeSolvers& make_solvers, When when);

/// Revokes the live certificate; it is due from then on.
Outcome revoke_live(Session& session, Folder& folder, std::optional<int> reason);

/// What `renew` would decide now, and what is to be remembered of it. `window` is the CA's newest
/// advice, if it was asked.
Plan planned(Plan plan, const std::string& id, const Life& life,
             const std::optional<Window>& window, Random& random);

}  // namespace sp::acme
