#pragma once
// Plain answers, and what may be asked of one.

#include <string>

#include "base/http/message.h"

namespace sp::pushpull {

/// One that nobody keeps.
http::Response plain_answer(int status, std::string body, std::string type);
/// Where `request` is under https. Never where it says itself: its Host is a stranger's.
std::string secure_place_of(const http::Request& request, std::string_view public_url);

}  // namespace sp::pushpull
