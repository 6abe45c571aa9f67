#pragma once
// The rights that people were given, as the judge reads them: one table, `permissions`, for
// everything that rights are given on. A right on a site is one on its hosts and credentials too,
// but `see` on a site shows no secret of its credentials.

#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/store/store.h"

namespace sp::access {

/// What rights are given on. `id` is empty for one that is about to be made.
struct Guarded {
  std::string_view kind;  ///< "site", "host" or "credential"
  std::string_view id;
  std::string_view site;  ///< the site that it belongs to; empty for none, and for a site
};

/// What the actor was given and has not ended.
Result<Rights> rights_of(store::Transaction& transaction, const Actor& actor,
                         const Guarded& guarded, Instant now);
/// `authorise` with what was given.
Result<Permit> authorise(store::Transaction& transaction, const Actor& actor, Action action,
                         const Guarded& guarded, Instant now);
/// The same, for a caller who shows it too: what the actor may do with it, as `effective` says.
Result<Rights> authorised_rights(store::Transaction& transaction, const Actor& actor, Action action,
                                 const Guarded& guarded, Instant now);

/// An SQL expression for the bits of Rights, for lists: the same judgement, row by row. `id` and
/// `site` are expressions (columns), `person` and `now` placeholders such as $2.
struct RightsSql {
  std::string_view kind, id, site, person, now;
};
std::string sql(const RightsSql& of);

}  // namespace sp::access
