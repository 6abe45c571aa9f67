#pragma once
#include "core/people/people.h"

namespace sp::people {

inline constexpr std::string_view person_columns =
    "p.id, p.login, p.name, p.email, p.role, p.disabled, p.must_change_password, p.created_at, "
    "p.last_sign_in_at, (SELECT f.locked_until FROM sign_in_failures f WHERE f.kind = 'account' "
    "AND "
    "f.subject = p.id)";
inline constexpr std::size_t person_column_count = 10;
/// Reads `person_columns`, which begin at column `at`.
Result<Person> person_of(const store::Row& row, Instant now, std::size_t at = 0);
Result<std::optional<Person>> find_person(store::Transaction& tx, std::string_view id, Instant now);
/// `too_long` and so on, or nothing when `password` will do for this account.
Outcome check_new_password(const Secret& password, std::string_view login);

}  // namespace sp::people
