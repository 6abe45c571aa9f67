#pragma once
// The tables `certificates` and `certificate_warnings`.

#include <optional>
#include <string>
#include <vector>

#include "core/certificates/certificate.h"
#include "core/store/store.h"

namespace sp::certificates::rows {

/// As stored, with what was told about it.
struct Row {
  Certificate certificate;
  std::optional<int> noted, mailed;
};
Result<std::vector<Row>> all(store::Transaction& transaction);

/// What was seen takes the place of what stood there.
Outcome record(store::Transaction& transaction, const Certificate& seen);
/// Forgets the places of edges that were removed, and what was told of certificates that ended long
/// before `now`.
Outcome forget(store::Transaction& transaction, Instant now);

enum class Told { noted, mailed };
/// True for the one caller who is the first to reach this threshold with this certificate.
Result<bool> claim(store::Transaction& transaction, const Certificate& certificate, Told what,
                   int threshold);

}  // namespace sp::certificates::rows
