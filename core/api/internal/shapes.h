#pragma once
// JSON forms that several route files share. For .cpp files of core/api alone.

#include "base/time/clock.h"
#include "core/api/internal/json.h"
#include "core/people/people.h"

namespace sp::api {

inline Json shape(const std::optional<Instant>& at) {
  return at ? Json(rfc3339(*at)) : Json(nullptr);
}

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
/// null for an empty one.
inline Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
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

/// What `shape_of` makes of each.
template <class T, class Shape>
Json items_of(const std::vector<T>& found, const Shape& shape_of) {
  Json out = Json::array();
  for (const auto& one : found) out.push_back(shape_of(one));
  return out;
}

/// `{items, next}`; `next` only when the page is full.
template <class T, class Key, class Shape>
Response page_response(const std::vector<T>& found, int limit, const Key& key_of_last,
                       const Shape& shape_of) {
  const bool more = found.size() == static_cast<std::size_t>(limit);
  return json_response({{"items", items_of(found, shape_of)},
                        {"next", more ? Json(cursor(key_of_last(found.back()))) : Json(nullptr)}});
}

}  // namespace sp::api
