#pragma once
// Mails of a restored database: those that waited when the backup was made may have gone out since.
// They are set aside, and a person says whether they go.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time/clock.h"
#include "core/mail/queue.h"
#include "core/store/store.h"

namespace sp::mail {

/// A mail that was set aside, as shown to an administrator.
struct Aside {
  std::string id;
  Occasion occasion = Occasion::invite;
  std::string message;  ///< id of the message that it is about; empty for none
  std::string recipient;
  Instant created_at{}, give_up_at{};
};

/// Sets aside whatever waits, in the transaction that begins the restored core's new life; how
/// many.
Result<std::int64_t> set_aside(store::Transaction& transaction);
/// Oldest first.
Result<std::vector<Aside>> aside(store::Transaction& transaction);
/// Takes up again where it was: due now, or held until its message can be opened. One by its id,
/// or all; how many.
Result<std::int64_t> take_up(store::Transaction& transaction, std::optional<std::string_view> id,
                             Instant now);
/// Erases them unsent and says which they were. One by its id, or all.
Result<std::vector<Aside>> drop(store::Transaction& transaction, std::optional<std::string_view> id,
                                Instant now);

}  // namespace sp::mail
