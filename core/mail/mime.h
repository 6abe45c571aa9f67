#pragma once
// One mail as bytes: RFC 5322 with MIME (RFC 2045, 2046, 2047).

#include <string>
#include <string_view>

#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"

namespace sp::mail {

struct Mailbox {
  std::string address;  ///< user@domain, ASCII
  std::string name;     ///< shown; may be empty
};

/// What is to be said. The bodies may carry a link, so they are secrets.
struct Mail {
  Mailbox from;
  Mailbox to;
  std::string subject;
  Secret text;
  Secret html;  ///< empty: text alone
};

/// True for `local@domain` in the dot-atom form of RFC 5321 with at most 254 ASCII characters. What
/// passes has no space, control character, quote, comma or angle bracket, so it cannot smuggle
/// anything into a header or an SMTP command.
bool is_address(std::string_view text);

/// The whole mail with CRLF line ends, multipart/alternative when there is HTML. `unique` makes the
/// Message-ID and the boundary. Fails with `invalid_input` when an address is not one or a header's
/// text has control characters.
Result<Secret> mime(const Mail& mail, std::string_view unique, Instant at);

/// The value of a header with any text (RFC 2047): as it is when it is short plain ASCII, else in
/// base64 words that never cut a character.
std::string encoded_header(std::string_view text);
/// "Mon, 23 Nov 2026 22:26:03 +0000".
std::string rfc5322_date(Instant at);

}  // namespace sp::mail
