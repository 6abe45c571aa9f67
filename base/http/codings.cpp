#include "base/http/codings.h"

namespace sp::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "q=0", "q=0.0" and so on refuse a coding.
bool is_refused(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const auto quality = trimmed(parameters.substr(at + 2));
  return quality.find_first_not_of("0.") == std::string_view::npos;
}

bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const auto comma = header.find(',');
    const auto element = trimmed(header.substr(0, comma));
    const auto semicolon = element.find(';');
    if (trimmed(element.substr(0, semicolon)) == coding)
      return semicolon == std::string_view::npos || !is_refused(element.substr(semicolon));
    header = comma == std::string_view::npos ? "" : header.substr(comma + 1);
  }
  return false;
}

}  // namespace

Coding best_coding(std::optional<std::string_view> accept_encoding) {
  if (!accept_encoding) return Coding::identity;
  if (accepts(*accept_encoding, "br")) return Coding::br;
  if (accepts(*accept_encoding, "gzip")) return Coding::gzip;
  return Coding::identity;
}

}  // namespace sp::http
