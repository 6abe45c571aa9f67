#pragma once
// Files on their way into a message: sealed in the database, a MiB at a time, forgotten after an
// hour.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/messages/format/seal.h"
#include "core/messages/message.h"

namespace sp::messages {

struct Upload {
  std::string id;
  std::string name, type;
  std::int64_t size = 0;
};

inline constexpr std::chrono::hours upload_life{1};
/// What one account may have waiting: two full messages.
inline constexpr std::int64_t upload_quota = std::int64_t{200} << 20;
inline constexpr std::size_t upload_part_size = std::size_t{1} << 20;

/// Takes one file piece by piece; each MiB is its own transaction. What was not finished is swept.
class Uploading {
 public:
  static Result<Uploading> begin(const Context& context, const access::Permit& permit,
                                 std::string name, std::string type);
  /// `too_many` when the account's quota is used up.
  Outcome take(BytesView piece);
  Result<Upload> finish();

 private:
  Uploading(const Context& context, std::string owner, Upload upload, std::int64_t room);
  Outcome store_part();
  Context context_;
  std::string owner_;
  Upload upload_;
  std::int64_t room_;  // of the quota, at the beginning
  Secret part_;
  std::size_t used_ = 0;
  std::int64_t number_ = 0;
};

/// A finished upload of this owner; `not_found` for any other.
Result<Upload> find_upload(store::Store& store, std::string_view owner, std::string_view id);
/// The bytes of these uploads, one after the other.
Source read_uploads(const Context& context, std::vector<Upload> uploads);
Outcome forget_upload(store::Transaction& transaction, std::string_view owner, std::string_view id);
/// Deletes what is past its time.
Outcome sweep_uploads(store::Transaction& transaction, Instant now);

}  // namespace sp::messages
