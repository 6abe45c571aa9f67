#include "pushpull/ordering/ordering.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/tls/certificate.h"

namespace sp::pushpull {
namespace {

constexpr std::string_view challenge_path = "/.well-known/acme-challenge/";
constexpr std::int64_t most_challenges = 1'000;
constexpr std::string_view schema =
    "CREATE TABLE IF NOT EXISTS pushpull_challenge(token TEXT NOT NULL PRIMARY KEY, answer TEXT "
    "NOT "
    "NULL, expires_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS pushpull_order(id BLOB NOT NULL, name TEXT NOT NULL, "
    "PRIMARY KEY(id, name)) STRICT;";

bool is_address(const std::string& text) {
  in6_addr out{};
  return ::inet_pton(AF_INET, text.c_str(), &out) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &out) == 1;
}
// Letters, digits, "-" and dots: nothing that OpenSSL's list of names would read as its own.
bool is_dns_name(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
  });
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ",") + std::string{is_address(name) ? "IP:" : "DNS:"} + name;
  return out;
}

// Whether `named` has every name that was asked for.
Result<bool> names_all(sqlite::Database& db, const OrderId& order,
                       const std::vector<std::string>& named) {
  auto rows = TRY(db.query("SELECT name FROM pushpull_order WHERE id = ?1", order));
  while (TRY(rows.step()))
    if (std::ranges::find(named, rows.text(0)) == named.end()) return false;
  return true;
}

constexpr DeliveryWords words{kind::certificate_requested, kind::certificate_installed,
                              kind::certificate_refused, "ordered_certificate"};

}  // namespace

Ordering::Ordering(ItemHandler& rest, const Clock& clock, const std::filesystem::path& data,
                   std::string host, Show show)
    : rest_(&rest),
      clock_(&clock),
      delivery_(clock, Versions{data}, tls::Role::public_server, std::move(host), std::move(show),
                words) {}

Result<std::unique_ptr<Ordering>> Ordering::open(sqlite::Writer& writer, ItemHandler& rest,
                                                 const Clock& clock,
                                                 const std::filesystem::path& data,
                                                 std::string host, Show show) {
  std::unique_ptr<Ordering> out{new Ordering{rest, clock, data, std::move(host), std::move(show)}};
  TRY(writer.run([&](sqlite::Database& db) { return out->prepare(db); }));
  return out;
}

Outcome Ordering::prepare(sqlite::Database& db) {
  TRY(db.script(std::string{schema}));
  TRY(db.run("DELETE FROM pushpull_challenge WHERE expires_at <= ?1", to_millis(clock_->now())));
  auto rows = TRY(db.query("SELECT token, answer, expires_at FROM pushpull_challenge"));
  const std::lock_guard lock{mutex_};
  while (TRY(rows.step())) standing_[rows.text(0)] = {rows.text(1), from_millis(rows.integer(2))};
  return {};
}

Outcome Ordering::apply(sqlite::Database& db, const Item& item) {
  if (item.kind == kind::challenge_put) {
    const auto challenge = TRY(decode_challenge_put(item.body));
    return put(db, challenge);
  }
  if (item.kind == kind::challenge_remove) {
    const auto challenge = TRY(decode_challenge_remove(item.body));
    return remove(db, challenge.token);
  }
  if (item.kind == kind::certificate_request) {
    const auto wanted = TRY(decode_certificate_request(item.body));
    return request(db, wanted);
  }
  if (item.kind == kind::certificate_put) {
    const auto chain = TRY(decode_certificate_put(item.body));
    return install(db, chain);
  }
  return rest_->apply(db, item);
}

Outcome Ordering::put(sqlite::Database& db, const ChallengePut& challenge) {
  const auto now = clock_->now();
  if (challenge.expires_at <= now) return Error{Code::expired, "expired before it came"};
  TRY(db.run("DELETE FROM pushpull_challenge WHERE expires_at <= ?1", to_millis(now)));
  auto row = TRY(db.query("SELECT count(*) FROM pushpull_challenge"));
  TRY(row.step());
  if (row.integer(0) >= most_challenges) return Error{Code::too_many, "too many challenges"};
  TRY(
      db.run("INSERT INTO pushpull_challenge(token, answer, expires_at) VALUES (?1, ?2, ?3) "
             "ON CONFLICT(token) DO UPDATE SET answer = excluded.answer, expires_at = "
             "excluded.expires_at",
             challenge.token, challenge.answer, to_millis(challenge.expires_at)));
  const std::lock_guard lock{mutex_};
  std::erase_if(standing_, [&](const auto& one) { return one.second.expires_at <= now; });
  standing_[challenge.token] = {challenge.answer, challenge.expires_at};
  return {};
}

Outcome Ordering::remove(sqlite::Database& db, const std::string& token) {
  TRY(db.run("DELETE FROM pushpull_challenge WHERE token = ?1", token));
  const std::lock_guard lock{mutex_};
  standing_.erase(token);
  return {};
}

std::optional<std::string> Ordering::answer(std::string_view path) const {
  if (!path.starts_with(challenge_path)) return std::nullopt;
  const std::lock_guard lock{mutex_};
  const auto found = standing_.find(path.substr(challenge_path.size()));
  if (found == standing_.end() || found->second.expires_at <= clock_->now()) return std::nullopt;
  return found->second.answer;
}

bool Ordering::may_be_for(const std::vector<std::string>& names) const {
  return tls::covers(names, delivery_.host()) &&
         std::ranges::all_of(
             names, [](const std::string& name) { return is_address(name) || is_dns_name(name); });
}

Outcome Ordering::request(sqlite::Database& db, const CertificateRequest& wanted) {
  if (!may_be_for(wanted.names)) return delivery_.refuse(db, wanted.order, "refused_names");
  TRY(delivery_.request(db, wanted.order, alternative_names(wanted.names)));
  TRY(db.run("DELETE FROM pushpull_order WHERE id = ?1", wanted.order));
  for (const auto& name : wanted.names)
    TRY(db.run("INSERT OR IGNORE INTO pushpull_order(id, name) VALUES (?1, ?2)", wanted.order,
               name));
  return {};
}

Outcome Ordering::install(sqlite::Database& db, const CertificatePut& put) {
  const auto fits = [&](const auto& names) { return names_all(db, put.order, names); };
  if (TRY(delivery_.install(db, put, fits)))
    TRY(db.run("DELETE FROM pushpull_order WHERE id <> ?1", put.order));
  return {};
}

}  // namespace sp::pushpull
