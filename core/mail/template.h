#pragma once
// Mails from templates: `[ToFirstName]` and the like, replaced once and never again.

#include <map>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::mail {

/// The parts of a mail with variables in them. `html` may be empty.
struct Template {
  std::string subject;
  std::string text;
  std::string html;
};

/// `certificate` is about no message, and its words stand in core/certificates.
enum class Occasion { invite, viewed, destroyed_unread, wrong_passphrase, certificate };

/// Ours, in `language` (en, de, fr, es, ja); English for any other.
Template default_template(Occasion occasion, std::string_view language);

/// Names without brackets, to values. The URL is a secret, so values are.
using Variables = std::map<std::string, Secret, std::less<>>;

enum class Markup { plain, html };
/// `text` with each `[Name]` that `variables` knows replaced, whatever its case; others stay as
/// they are. A value is never searched again, and in HTML its `&<>"'` are escaped.
Secret expand(std::string_view text, const Variables& variables, Markup markup);

/// What a sender wrote as HTML, with everything but `br`, `b` and `p` made harmless text.
std::string restricted_html(std::string_view text);

}  // namespace sp::mail
