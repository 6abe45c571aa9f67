#pragma once
// Why a mail could not be handed over, in sentences for whoever runs the site.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "core/mail/smtp.h"

namespace sp::mail {

/// How far the talk with the server went, by the last command that was sent.
enum class Stage : std::uint8_t {
  greeting,
  hello,
  starttls,
  authentication,
  sender,     ///< MAIL
  recipient,  ///< RCPT
  content,    ///< DATA and the mail itself
};

/// All that is known of a failure.
struct Trouble {
  int curl = 0;          ///< CURLcode
  int system_error = 0;  ///< errno of the connection; 0: none
  long verify = 0;       ///< X509_V_ERR_*; 0: the chain was good, or was never seen
  Stage stage = Stage::greeting;
  int reply = 0;             ///< the server's last reply code; 0: none
  std::string reply_text{};  ///< its text as the server wrote it: hostile
};

/// What happened and what to do about it, as a sentence. `forbidden` when the server refused this
/// mail for good; `unavailable` when another try may go well, which includes all that a change of
/// the settings would mend. The server's own words stand in it only where they do not answer a
/// password or the mail itself; on one line, in printable ASCII, cut.
Error explain(const SmtpServer& server, const Trouble& trouble);

/// What `text` may look like in a sentence: printable ASCII, other bytes as `?`, at most 160.
std::string tamed(std::string_view text);

}  // namespace sp::mail
