#pragma once
#include "base/random/random.h"

namespace sp {

/// A name by chance for something new, to be written in base64url (RFC 4648 section 5). None begins
/// with `-` then, which a command line would take for an option.
std::array<std::byte, 16> random_id(Random& random);

}  // namespace sp
