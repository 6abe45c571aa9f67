#pragma once
// What a CA answers (RFC 8555 section 7.1), read strictly where we rely on it and leniently where
// we do not. Every count and size has a limit; unknown members are passed over.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result/result.h"
#include "base/time/clock.h"
#include "certs/authority/host.h"

namespace sp::acme {

using certs::Host;

inline constexpr std::size_t most_names = 100;      ///< of one order
inline constexpr std::size_t most_challenges = 20;  ///< of one authorization

/// A refusal in the CA's own words (RFC 7807, RFC 8555 section 6.7).
struct Problem {
  std::string type{};   ///< the last part of the URN: "rateLimited"; empty when there was none
  std::string words{};  ///< printable ASCII, at most 600 characters; with those of subproblems
};
/// Of whatever body: it cannot fail.
Problem decode_problem(std::string_view body);
/// `step: the CA says "words" (type)`; the code follows from the type.
Error error_of(const Problem& problem, std::string_view step);
/// What a peer said, as one line of printable ASCII of at most `most` characters.
std::string plain(std::string_view text, std::size_t most = 600);

struct Directory {
  std::string new_nonce{};
  std::string new_account{};
  std::string new_order{};
  std::string revoke_certificate{};
  std::string key_change{};
  std::string renewal_info{};  ///< empty: the CA has none (RFC 9773)
  std::string terms{};         ///< of service: an address; empty: none
  bool external_account_required = false;
  std::vector<std::string> profiles{};
};
Result<Directory> decode_directory(std::string_view body);

enum class Status : std::uint8_t {
  pending,
  ready,
  processing,
  valid,
  invalid,
  deactivated,
  expired,
  revoked
};

struct Order {
  std::string url{};  ///< not in the body: where it was found
  Status status = Status::pending;
  std::vector<Host> names{};
  std::vector<std::string> authorizations{};
  std::string finalize{};
  std::string certificate{};  ///< empty until it is valid
  std::optional<Problem> problem{};
};
Result<Order> decode_order(std::string_view body);

struct Offer {
  std::string type{};  ///< "http-01"
  std::string url{};
  std::string token{};  ///< base64url, at most 128 characters
  Status status = Status::pending;
  std::optional<Problem> problem{};
};
struct Authorization {
  Host host{};  ///< without the "*." of a wildcard
  bool wildcard = false;
  Status status = Status::pending;
  std::vector<Offer> offers{};
};
Result<Authorization> decode_authorization(std::string_view body);

/// When the CA suggests to renew (RFC 9773 section 4.2).
struct Window {
  Instant start{};
  Instant end{};
  std::string explanation{};  ///< an address for people; empty: none
  friend bool operator==(const Window&, const Window&) = default;
};
Result<Window> decode_window(std::string_view body);

/// Any RFC 3339 time, with whatever fraction and offset; CAs are free to choose.
Result<Instant> parse_time(std::string_view text);

}  // namespace sp::acme
