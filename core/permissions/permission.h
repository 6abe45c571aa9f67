#pragma once
// What rights were given to whom, on what, until when. The judge (core/access/grants.h) reads the
// same table. Administrators give and take.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inventory/parts.h"

namespace sp::permissions {

using inventory::Changed;
using inventory::Context;
using inventory::Problem;

/// What rights can be given on.
struct Object {
  std::string_view kind;  ///< "site", "host" or "credential"
  std::string_view id;
};

struct Permission {
  std::string person, login, name;
  access::Rights rights{};
  std::optional<Instant> until;
  std::string given_by;  ///< sign-in name
  Instant given_at{};
};

/// In place of what the person had. `not_found` for an object or a person that is none.
Result<Changed<Permission>> give(const Context& context, const access::Permit& permit,
                                 const Object& object, std::string_view person,
                                 access::Rights rights, std::optional<Instant> until);
/// `not_found` when there was none.
Outcome take(const Context& context, const access::Permit& permit, const Object& object,
             std::string_view person);
/// By sign-in name; those that have ended too, until they are taken. `not_found` for an object that
/// is none.
Result<std::vector<Permission>> list(const Context& context, const access::Permit& permit,
                                     const Object& object);

}  // namespace sp::permissions
