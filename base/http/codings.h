#pragma once
// How an answer's body may be packed.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sp::http {

enum class Coding : std::uint8_t { identity, gzip, br };
/// The best coding that `Accept-Encoding` allows (RFC 9110 section 12.5.3); quality values other
/// than zero count as allowed.
Coding best_coding(std::optional<std::string_view> accept_encoding);

}  // namespace sp::http
