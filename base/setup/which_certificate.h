#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/setup/questions.h"

namespace sp::setup {

/// Asks which kind of certificate is meant (certificate.h); `keep` where `standing` is there. On a
/// terminal the answer may be `advise`: then the adviser asks who comes from where, says what fits
/// and why, and the question comes again.
Result<std::string> certificate_kind(Questions& questions, const std::filesystem::path& standing,
                                     const std::optional<std::string>& given);

}  // namespace sp::setup
