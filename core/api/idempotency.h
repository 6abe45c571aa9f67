#pragma once
// Idempotency-Key: the same key within 24 hours answers as the first time and does nothing again.
// What was answered is kept sealed under a key that needs the Idempotency-Key itself, of which the
// core keeps the hash alone: a link that was given out stays forgotten.

#include <functional>

#include "core/api/core.h"
#include "core/api/router.h"

namespace sp::api {

/// Keeps the answer in the transaction that does the work, so that no crash comes between the two.
using Keep = std::function<Outcome(store::Transaction&, const Response&)>;

/// Runs `work` unless the request's Idempotency-Key has been answered for this account: then gives
/// that answer again. `fingerprint` is what the request asked for (its body, or a hash of it):
/// another fingerprint under the same key is refused with 409. Only answers below 400 are kept:
/// by `work`, if it calls what it is given, else after it.
Result<Response> once(Core& core, const Request& request, BytesView fingerprint,
                      const std::function<Result<Response>(const Keep& keep)>& work);

}  // namespace sp::api
