#include "pushpull/ordering/identity.h"

#include <algorithm>

namespace sp::pushpull {
namespace {

constexpr std::string_view scheme = "sallyport://";

// One name, and nothing in it that OpenSSL's list of names would read as its own.
bool is_identity(const std::vector<std::string>& names) {
  return names.size() == 1 && names.front().starts_with(scheme) &&
         std::ranges::all_of(names.front(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-' || c == '_' || c == '.' || c == '/' || c == ':';
         });
}

constexpr DeliveryWords words{kind::identity_requested, kind::identity_installed,
                              kind::identity_refused, "identity"};

}  // namespace

Identity::Identity(ItemHandler& rest, const Clock& clock, const std::filesystem::path& data,
                   Show show)
    : rest_(&rest),
      delivery_(clock, versions_of(data), tls::Role::link_server, "", std::move(show), words) {}

Outcome Identity::apply(sqlite::Database& db, const Item& item) {
  if (item.kind == kind::identity_request) {
    const auto wanted = TRY(decode_certificate_request(item.body));
    if (!is_identity(wanted.names)) return delivery_.refuse(db, wanted.order, "refused_names");
    return delivery_.request(db, wanted.order, "URI:" + wanted.names.front());
  }
  if (item.kind == kind::identity_put) {
    const auto chain = TRY(decode_certificate_put(item.body));
    TRY(delivery_.install(db, chain, [](const auto&) { return Result<bool>{true}; }));
    return {};
  }
  return rest_->apply(db, item);
}

}  // namespace sp::pushpull
