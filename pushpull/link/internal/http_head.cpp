#include "pushpull/link/internal/http_head.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sp::pushpull::internal {
namespace {

Error not_http() {
  return Error{Code::unavailable, "the answer is not of an edge"};
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::string lower(std::string_view text) {
  std::string made{text};
  for (auto& letter : made)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return made;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

// "HTTP/1.1 200 OK"
std::optional<int> status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return {};
  if (line.size() > 12 && line[12] != ' ') return {};
  return number<int>(line.substr(9, 3));
}

Outcome take_header(std::string_view line, Head& head, std::optional<std::size_t>& length) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return not_http();
  const auto name = lower(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (name == "transfer-encoding") return not_http();  // an intake says how long its answer is
  if (name == "connection") head.closes = lower(value) == "close";
  if (name != "content-length") return {};
  const auto size = number<std::size_t>(value);
  if (!size || (length && length != size)) return not_http();
  length = size;
  return {};
}

}  // namespace

Result<Place> parse_place(const std::string& url) {
  const Error wrong{Code::invalid_input, "an intake's address is https://host:port"};
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return wrong;
  auto rest = std::string_view{url}.substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  auto host = rest.substr(0, colon);
  const auto port = number<std::uint16_t>(rest.substr(colon + 1));
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool plain = std::ranges::all_of(host, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || (bracketed && c == ':');
  });
  if (host.empty() || !plain || !port || *port == 0) return wrong;
  Place place{std::string{host}, std::to_string(*port), false};
  place.is_address = is_address(place.host);
  return place;
}

std::string request_head(const Place& place, std::size_t body_size) {
  const bool v6 = place.host.find(':') != std::string::npos;
  const auto host = (v6 ? "[" + place.host + "]" : place.host) + ":" + place.port;
  if (body_size == 0) return "GET /pushpull/v1/key HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  return "POST /pushpull/v1 HTTP/1.1\r\nHost: " + host +
         "\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
         std::to_string(body_size) + "\r\n\r\n";
}

Result<std::optional<Head>> parse_head(BytesView received) {
  const auto text = bytes::text(received);
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::optional<Head>{};
  auto lines = text.substr(0, end);
  const auto first = lines.substr(0, lines.find("\r\n"));
  const auto status = status_of(first);
  if (!status || *status < 200) return not_http();
  Head head{*status, end + 4, 0, false};
  std::optional<std::size_t> length;
  lines.remove_prefix(std::min(lines.size(), first.size() + 2));
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find("\r\n"));
    TRY(take_header(line, head, length));
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
  }
  if (!length) return not_http();
  head.body_size = *length;
  return std::optional{head};
}

}  // namespace sp::pushpull::internal
