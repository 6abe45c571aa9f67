#include "core/mail/set_aside.h"

namespace sp::mail {
namespace {

constexpr std::string_view columns = "id, occasion, message, recipient, created_at, give_up_at";

Result<std::vector<Aside>> aside_of(const store::Rows& rows) {
  std::vector<Aside> out;
  for (const auto& row : rows) {
    const auto occasion = TRY(occasion_named(row.text(1)));
    out.push_back({row.text(0), occasion, row.text(2), row.text(3), row.time(4), row.time(5)});
  }
  return out;
}

}  // namespace

Result<std::int64_t> set_aside(store::Transaction& transaction) {
  return transaction.run(
      "UPDATE mails SET state = CASE state WHEN 'held' THEN 'aside_held' ELSE 'aside' END "
      "WHERE state IN ('queued', 'held')");
}

Result<std::vector<Aside>> aside(store::Transaction& transaction) {
  const auto rows = TRY(transaction.query(
      "SELECT " + std::string{columns} +
      " FROM mails WHERE state IN ('aside', 'aside_held') ORDER BY created_at, id"));
  return aside_of(rows);
}

Result<std::int64_t> take_up(store::Transaction& transaction, std::optional<std::string_view> id,
                             Instant now) {
  return transaction.run(
      "UPDATE mails SET state = CASE state WHEN 'aside_held' THEN 'held' ELSE 'queued' END, "
      "next_at = $1 WHERE state IN ('aside', 'aside_held') AND ($2 = '' OR id = $2)",
      now, id.value_or(""));
}

Result<std::vector<Aside>> drop(store::Transaction& transaction, std::optional<std::string_view> id,
                                Instant now) {
  const auto rows = TRY(transaction.query(
      "UPDATE mails SET state = 'failed', body = NULL, settled_at = $1 "
      "WHERE state IN ('aside', 'aside_held') AND ($2 = '' OR id = $2) RETURNING " +
          std::string{columns},
      now, id.value_or("")));
  return aside_of(rows);
}

}  // namespace sp::mail
