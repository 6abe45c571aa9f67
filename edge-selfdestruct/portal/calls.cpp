#include "edge-selfdestruct/portal/calls.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes/bytes.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::string_view prefix = "/api/v1/messages/";
constexpr std::size_t id_size = 16;
constexpr std::array<std::pair<std::string_view, Verb>, 4> verbs{{{"status", Verb::status},
                                                                  {"reveal", Verb::reveal},
                                                                  {"saved", Verb::saved},
                                                                  {"destroy", Verb::destroy}}};

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

Result<MessageCall> decode_path(std::string_view path) {
  const Error no_call{Code::not_found, "path"};
  if (!path.starts_with(prefix)) return no_call;
  path.remove_prefix(prefix.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return no_call;
  const auto verb =
      std::ranges::find(verbs, path.substr(slash + 1), &std::pair<std::string_view, Verb>::first);
  if (verb == verbs.end()) return no_call;
  const auto id = TRY(bytes::from_base64url(path.substr(0, slash)));
  if (id.size() != id_size) return Error{Code::invalid_input, "id"};
  return MessageCall{openssl::sha256(id), verb->second};
}

std::optional<openssl::Digest> decode_grace(std::optional<std::string_view> header) {
  if (!header || header->size() > 64) return std::nullopt;
  const auto token = bytes::from_base64url(*header);
  if (!token || token->size() != 32) return std::nullopt;
  return openssl::sha256(*token);
}

Coding best_coding(std::optional<std::string_view> accept_encoding) {
  if (!accept_encoding) return Coding::identity;
  if (accepts(*accept_encoding, "br")) return Coding::br;
  if (accepts(*accept_encoding, "gzip")) return Coding::gzip;
  return Coding::identity;
}

}  // namespace sp::edge_selfdestruct
