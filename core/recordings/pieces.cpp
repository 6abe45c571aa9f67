#include "core/recordings/pieces.h"

#include <algorithm>

namespace sp::recordings {
namespace {

// Each piece is sealed at a place of its own, so that none can stand in for another.
std::string place_of(std::string_view session, std::int64_t number) {
  return std::string{session} + "/" + std::to_string(number);
}

}  // namespace

Result<PieceWriter> PieceWriter::begin(store::Store& store, const keyring::Keyring& keyring,
                                       std::string session) {
  TRY(store.write([&](store::Transaction& transaction) -> Outcome {
    return forget_pieces(transaction, session);
  }));
  return PieceWriter{store, keyring, std::move(session)};
}

Outcome PieceWriter::add(BytesView text) {
  while (!text.empty()) {
    const auto count = std::min(text.size(), piece_.size() - used_);
    std::ranges::copy(text.first(count), piece_.expose_mutable().subspan(used_).begin());
    used_ += count;
    text = text.subspan(count);
    if (used_ == piece_.size()) TRY(write());
  }
  return {};
}

Outcome PieceWriter::finish() {
  if (used_ == 0) return {};
  return write();
}

Outcome PieceWriter::write() {
  const auto number = pieces_;
  const auto sealed = keyring_->seal({"recording_pieces", place_of(session_, number), "data"},
                                     piece_.expose().first(used_));
  TRY(store_->write([&](store::Transaction& transaction) {
    return transaction.run(
        "INSERT INTO recording_pieces (session, number, data) VALUES ($1, $2, $3)", session_,
        number, sealed);
  }));
  size_ += static_cast<std::int64_t>(used_);
  used_ = 0;
  ++pieces_;
  return {};
}

Result<std::optional<Secret>> read_piece(store::Store& store, const keyring::Keyring& keyring,
                                         const std::string& session, std::int64_t number) {
  const auto row = TRY(store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT data FROM recording_pieces WHERE session = $1 AND number = $2",
                           session, number);
  }));
  if (!row) return std::optional<Secret>{};
  auto opened =
      TRY(keyring.open({"recording_pieces", place_of(session, number), "data"}, row->bytes(0)));
  return std::optional{std::move(opened)};
}

Outcome forget_pieces(store::Transaction& transaction, std::string_view session) {
  TRY(transaction.run("DELETE FROM recording_pieces WHERE session = $1", session));
  return {};
}

}  // namespace sp::recordings
