#include "core/messages/upload.h"

#include <algorithm>

#include "base/random/id.h"

namespace sp::messages {
namespace {

// Parts are sealed at a place of their own, so that none can stand in for another.
std::string place_of(std::string_view upload, std::int64_t number) {
  return std::string{upload} + "/" + std::to_string(number);
}

Result<Secret> read_part(const Context& context, const std::string& upload, std::int64_t number) {
  const auto row = TRY(context.store.read([&](store::Transaction& transaction) {
    return transaction.one("SELECT data FROM upload_parts WHERE upload = $1 AND number = $2",
                           upload, number);
  }));
  if (!row) return Error{Code::expired, "upload: swept while it was read"};
  return context.keyring.open({"upload_parts", place_of(upload, number), "data"}, row->bytes(0));
}

// Walks through the parts of all files as one stream.
class Reading {
 public:
  Reading(const Context& context, std::vector<Upload> uploads)
      : context_(context), uploads_(std::move(uploads)) {}

  Result<std::size_t> fill(std::span<std::byte> out) {
    while (used_ == part_.size()) {
      if (at_ == uploads_.size()) return std::size_t{0};
      if (taken_ == uploads_[at_].size) {
        ++at_;
        number_ = 0;
        taken_ = 0;
        continue;
      }
      part_ = TRY(read_part(context_, uploads_[at_].id, number_++));
      taken_ += static_cast<std::int64_t>(part_.size());
      used_ = 0;
    }
    const auto count = std::min(out.size(), part_.size() - used_);
    std::ranges::copy(part_.expose().subspan(used_, count), out.begin());
    used_ += count;
    return count;
  }

 private:
  Context context_;
  std::vector<Upload> uploads_;
  std::size_t at_ = 0;
  std::int64_t number_ = 0, taken_ = 0;
  Secret part_;
  std::size_t used_ = 0;
};

}  // namespace

Uploading::Uploading(const Context& context, std::string owner, Upload upload, std::int64_t room)
    : context_(context),
      owner_(std::move(owner)),
      upload_(std::move(upload)),
      room_(room),
      part_(upload_part_size) {}

Result<Uploading> Uploading::begin(const Context& context, const access::Permit& permit,
                                   std::string name, std::string type) {
  permit.expect(access::Action::messages_write);
  Upload upload{bytes::base64url(random_id(context.random)), std::move(name), std::move(type), 0};
  const auto& owner = permit.actor().person;
  auto used = context.store.write([&](store::Transaction& transaction) -> Result<std::int64_t> {
    const auto row = TRY(transaction.one(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM uploads WHERE owner = $1", owner));
    TRY(transaction.run(
        "INSERT INTO uploads (id, owner, name, type, size, complete, expires_at) "
        "VALUES ($1, $2, $3, $4, 0, 0, $5)",
        upload.id, owner, upload.name, upload.type, context.clock.now() + upload_life));
    return row->integer(0);
  });
  const auto taken = TRY(std::move(used));
  return Uploading{context, owner, std::move(upload), upload_quota - taken};
}

Outcome Uploading::take(BytesView piece) {
  while (!piece.empty()) {
    const auto count = std::min(piece.size(), part_.size() - used_);
    std::ranges::copy(piece.first(count), part_.expose_mutable().subspan(used_).begin());
    used_ += count;
    piece = piece.subspan(count);
    if (used_ == part_.size()) TRY(store_part());
  }
  return {};
}

Outcome Uploading::store_part() {
  if (used_ == 0) return {};
  upload_.size += static_cast<std::int64_t>(used_);
  if (upload_.size > room_) return Error{Code::too_many, "upload: the account's quota is used up"};
  const auto number = number_++;
  const auto sealed = context_.keyring.seal({"upload_parts", place_of(upload_.id, number), "data"},
                                            part_.expose().first(used_));
  used_ = 0;
  return context_.store.write([&](store::Transaction& transaction) -> Outcome {
    TRY(transaction.run("INSERT INTO upload_parts (upload, number, data) VALUES ($1, $2, $3)",
                        upload_.id, number, sealed));
    TRY(transaction.run("UPDATE uploads SET size = $2 WHERE id = $1", upload_.id, upload_.size));
    return {};
  });
}

Result<Upload> Uploading::finish() {
  TRY(store_part());
  TRY(context_.store.write([&](store::Transaction& transaction) {
    return transaction.run("UPDATE uploads SET complete = 1 WHERE id = $1", upload_.id);
  }));
  return upload_;
}

Result<Upload> find_upload(store::Store& store, std::string_view owner, std::string_view id) {
  const auto row = TRY(store.read([&](store::Transaction& transaction) {
    return transaction.one(
        "SELECT id, name, type, size FROM uploads WHERE id = $1 AND owner = $2 AND complete = 1",
        id, owner);
  }));
  if (!row) return Error{Code::not_found, "upload: unknown"};
  return Upload{row->text(0), row->text(1), row->text(2), row->integer(3)};
}

Source read_uploads(const Context& context, std::vector<Upload> uploads) {
  auto reading = std::make_shared<Reading>(context, std::move(uploads));
  return [reading](std::span<std::byte> out) { return reading->fill(out); };
}

Outcome forget_upload(store::Transaction& transaction, std::string_view owner,
                      std::string_view id) {
  const auto count =
      TRY(transaction.run("DELETE FROM uploads WHERE id = $1 AND owner = $2", id, owner));
  if (count == 0) return Error{Code::not_found, "upload: unknown"};
  TRY(transaction.run("DELETE FROM upload_parts WHERE upload = $1", id));
  return {};
}

Outcome sweep_uploads(store::Transaction& transaction, Instant now) {
  TRY(transaction.run(
      "DELETE FROM upload_parts WHERE upload IN (SELECT id FROM uploads WHERE expires_at < $1)",
      now));
  TRY(transaction.run("DELETE FROM uploads WHERE expires_at < $1", now));
  return {};
}

}  // namespace sp::messages
