#pragma once
#include <string_view>

#include "core/credentials/credential.h"
#include "core/inventory/import.h"

namespace sp::credentials {

/// Credentials from a table whose head names some of site, name, login, kind, hosts, hosts_except,
/// notes, password, private_key, passphrase, certificate; site is a name or an id, empty for any.
/// A name that is there is changed when `update` is set: an empty cell leaves what stands. The
/// caller wipes `text`; what is made of it here goes with the heap that is wiped when it is freed.
Result<inventory::Imported> import_csv(const Context& context, const access::Actor& actor,
                                       std::string_view text,
                                       const inventory::ImportOptions& options);

}  // namespace sp::credentials
