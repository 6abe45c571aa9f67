#pragma once
// What sites, hosts and credentials share: what their calls need, and how a change is answered.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/access/grants.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"

namespace sp::inventory {

/// The parts of the core that every call here needs. All must outlive their user.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const audit::Audit& audit;
  const Clock& clock;
  Random& random;
};

/// A member that cannot be accepted, and what to do about it.
struct Problem {
  std::string field, detail;
};

/// What a change came to: the thing as it is now, or what was wrong (then nothing was written).
/// `code` is invalid_input, or conflict: a name that is taken, a revision that is not the newest.
template <class T>
struct Changed {
  std::optional<T> now;
  std::vector<Problem> problems{};
  Code code = Code::invalid_input;
};

/// The locks that a change takes, so that "is the name free" holds until the commit.
Outcome lock(store::Transaction& transaction);

/// Ends a transaction whose work found problems: nothing of it is to be written.
template <class T>
Result<Changed<T>> refused(std::vector<Problem> problems, Code code = Code::invalid_input) {
  return Changed<T>{std::nullopt, std::move(problems), code};
}

/// The names of the members that are there, for the trail: "name,notes".
std::string names_of(std::initializer_list<std::pair<bool, std::string_view>> members);

audit::Entry entry(audit::Event event, const access::Actor& actor, audit::What what,
                   audit::Details details = {});

/// Removes what belongs to an object that goes: its permissions and its secrets.
Outcome forget_object(store::Transaction& transaction, std::string_view kind, std::string_view id);
/// Who adds an object may do everything with it.
Outcome give_to_creator(const Context& context, store::Transaction& transaction,
                        const access::Actor& actor, std::string_view kind, std::string_view id);

}  // namespace sp::inventory
