#pragma once
#include <string_view>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::certs {

inline constexpr std::size_t largest_file = 8U << 20U;
inline constexpr std::size_t most_certificates = 1024;

/// The certificates in a file, as DER in their order: PEM with any text around it, or one DER
/// certificate. Empty when there is none; `too_many` beyond `most_certificates`.
Result<std::vector<Bytes>> certificates_in(BytesView file);
/// The DER of each PEM block with one of these labels; the same limit.
Result<std::vector<Bytes>> pem_blocks(BytesView file,
                                      std::initializer_list<std::string_view> labels);
std::string pem_certificate(BytesView der);

}  // namespace sp::certs
