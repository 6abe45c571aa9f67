#pragma once
// The edges that this core knows: their rows, and the kits that enrol them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random/random.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"
#include "pushpull/enrolment/kit.h"

namespace sp::edges {

enum class State : std::uint8_t {
  waiting,  ///< its kit is out, it has not been reached yet
  enrolled,
  removed,  ///< kept for the messages that name it
};
std::string_view name(State state);

struct Edge {
  std::string id;          ///< 22 characters of base64url
  std::string name;        ///< unique among those that are not removed
  std::string kind;        ///< "selfdestruct" or "gateway"
  std::string public_url;  ///< what links start with; without a slash at the end
  std::string intake_url;  ///< where we dial
  State state = State::waiting;
  Instant created_at{};
};

struct NewEdge {
  std::string name, kind, public_url, intake_url;
};
/// Which member of NewEdge is wrong, and what to do about it; none when all is well.
struct Problem {
  std::string field;
  std::string detail;
};
std::vector<Problem> problems(const NewEdge& edge);

/// An edge and the text of its kit: a secret that is shown once.
struct Added {
  Edge edge;
  Secret kit;
};

/// The parts of the core that every call here needs. All must outlive their user.
struct Context {
  store::Store& store;
  const keyring::Keyring& keyring;
  const audit::Audit& audit;
  const Clock& clock;
  Random& random;
};

/// Adds an edge in the state `waiting`. `conflict` when the name is taken.
Result<Added> add(const Context& context, const access::Permit& permit, const NewEdge& edge);
/// A new kit for an edge that is still waiting; the one before is worth nothing from then on.
/// `conflict` when it is enrolled already.
Result<Added> renew_kit(const Context& context, const access::Permit& permit, std::string_view id);
/// Removes an edge: its keys and what waited for it are erased, its running messages become lost
/// through `Traffic::removed`.
class Traffic;
Outcome remove(const Context& context, const access::Permit& permit, Traffic& traffic,
               std::string_view id);
/// Asks the edge for a new static key and records who asked. The link's `rotate` does the rest.
Outcome rotate(const Context& context, const access::Permit& permit, std::string_view id);

/// All that are not removed, the oldest first.
Result<std::vector<Edge>> list(store::Store& store);
Result<Edge> find(store::Store& store, std::string_view id);
Result<Edge> read(store::Transaction& transaction, std::string_view id);
/// By id or by name, not removed; the oldest when `which` is empty. `not_found`.
Result<Edge> choose(store::Transaction& transaction, std::string_view which);

}  // namespace sp::edges
