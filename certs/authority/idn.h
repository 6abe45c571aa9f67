#pragma once
// International domain names, as the DNS carries them.

#include <string>
#include <string_view>

#include "base/result/result.h"

namespace sp::certs {

/// "Bücher" -> "xn--bcher-kva" (RFC 3492 over the label in lower case and NFC, as UTS 46 maps it
/// without its transitional rules: "ß" stays). ASCII labels come back in lower case and unchecked.
/// `invalid_input` for what is not UTF-8, for characters that are neither letter, mark, digit nor
/// hyphen, and for labels that become longer than 63.
Result<std::string> to_a_label(std::string_view label);

}  // namespace sp::certs
