#pragma once
#include "base/result/result.h"
#include "base/sqlite/database.h"

namespace sp::edge_selfdestruct {

/// Makes or checks the portal's tables. A database of a newer version is refused.
///
/// - `message` what the core said of a message, by its slot number; unchanged until it is deleted.
/// - `counter` what changes: views left (-1: ended, to be erased) and wrong passphrases left.
///   Narrow, so that a claim dirties little (docs/decisions, measured) and a start reads little.
/// - `chunk` the sealed content in pieces of 128 KiB, each sealed again under the slot's key;
///   `place` is slot * 4096 + piece.
/// - `grace` who may fetch which view again, by the hash of the token.
///
/// Rowid tables all: WITHOUT ROWID leaves stale bytes that secure_delete does not reach.
Outcome prepare_schema(sqlite::Database& db);

}  // namespace sp::edge_selfdestruct
