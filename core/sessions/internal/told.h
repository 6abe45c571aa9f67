#pragma once
// What a gateway tells, made harmless: it may be hostile, and its words go into lists and mails.

#include <string>
#include <string_view>

namespace sp::sessions {

/// Letters, digits and . : / _ - [ ] alone, at most 64: an address or a code.
std::string told_word(std::string_view text);
/// UTF-8 without control characters, at most `most` bytes: a path.
std::string told_text(std::string_view text, std::size_t most);
/// A public key in OpenSSH's form, `type base64` with nothing after it; empty when it is none.
std::string told_key(std::string_view text);

}  // namespace sp::sessions
