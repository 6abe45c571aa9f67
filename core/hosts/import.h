#pragma once
#include <string_view>

#include "core/hosts/host.h"
#include "core/inventory/import.h"

namespace sp::hosts {

/// Hosts from a table whose head names some of site, name, address, port, protocol, type,
/// operating_system, folder, tags, notes, host_keys, host_cas, first_use; site is a name or an id.
/// A row of a site and name that are there changes that host when `update` is set: an empty cell
/// leaves what stands.
Result<inventory::Imported> import_csv(const Context& context, const access::Actor& actor,
                                       std::string_view text,
                                       const inventory::ImportOptions& options);

}  // namespace sp::hosts
