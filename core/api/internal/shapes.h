#pragma once
// JSON forms that several route files share. For .cpp files of core/api alone.

#include "base/time/clock.h"
#include "core/api/internal/json.h"
#include "core/people/people.h"

namespace sp::api {

inline Json shape(const std::optional<Instant>& at) {
  return at ? Json(rfc3339(*at)) : Json(nullptr);
}

inline Json shape(const people::Person& person) {
  return {{"id", person.id},
          {"login", person.login},
          {"name", person.name},
          {"email", person.email ? Json(*person.email) : Json(nullptr)},
          {"role", access::name(person.role)},
          {"disabled", person.disabled},
          {"must_change_password", person.must_change_password},
          {"created_at", rfc3339(person.created_at)},
          {"last_sign_in_at", shape(person.last_sign_in_at)},
          {"locked_until", shape(person.locked_until)}};
}

/// `{items, next}`; `next` only when the page is full.
template <class T, class Key>
Response page_response(const std::vector<T>& found, int limit, const Key& key_of_last, Json items) {
  const bool more = found.size() == static_cast<std::size_t>(limit);
  return json_response({{"items", std::move(items)},
                        {"next", more ? Json(cursor(key_of_last(found.back()))) : Json(nullptr)}});
}

}  // namespace sp::api
