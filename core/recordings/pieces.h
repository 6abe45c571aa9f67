#pragma once
// The text of a recording in the core's database: pieces, each sealed by the keyring at its place.

#include <optional>
#include <string>

#include "core/keyring/keyring.h"
#include "core/recordings/opener.h"
#include "core/store/store.h"

namespace sp::recordings {

inline constexpr std::size_t piece_size = 256U << 10U;

/// Writes one recording, piece by piece, each in a transaction of its own.
class PieceWriter {
 public:
  /// Removes what an earlier attempt left.
  static Result<PieceWriter> begin(store::Store& store, const keyring::Keyring& keyring,
                                   std::string session);
  Outcome add(BytesView text);
  /// The last piece.
  Outcome finish();
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t pieces() const { return pieces_; }

 private:
  PieceWriter(store::Store& store, const keyring::Keyring& keyring, std::string session)
      : store_(&store), keyring_(&keyring), session_(std::move(session)), piece_(piece_size) {}
  Outcome write();
  store::Store* store_;
  const keyring::Keyring* keyring_;
  std::string session_;
  Secret piece_;
  std::size_t used_ = 0;
  std::int64_t size_ = 0, pieces_ = 0;
};

/// One piece, numbered from 0; nothing after the last.
Result<std::optional<Secret>> read_piece(store::Store& store, const keyring::Keyring& keyring,
                                         const std::string& session, std::int64_t number);
Outcome forget_pieces(store::Transaction& transaction, std::string_view session);

}  // namespace sp::recordings
