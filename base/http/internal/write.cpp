#include "base/http/internal/write.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace sp::http::internal {
namespace {

// Ours are never wrong by accident of locale: built by hand.
constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Reason {
  int status;
  std::string_view phrase;
};
// RFC 9110 section 15.
constexpr auto reasons = std::to_array<Reason>({
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
});

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

bool is_sound_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view{"()<>@,;:\\\"/[]?={}"}.find(c) == std::string_view::npos;
  });
}

bool is_sound_value(std::string_view value) {
  return std::ranges::none_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto* found = std::ranges::find(reasons, status, &Reason::status);
  return found == reasons.end() ? "Status" : found->phrase;
}

bool is_sound(const Response& response) {
  return response.status >= 200 && response.status <= 599 &&
         std::ranges::all_of(response.headers, [](const Header& header) {
           return is_sound_name(header.first) && is_sound_value(header.second);
         });
}

void append_head(std::string& out, const Response& response, const Delimiting& delimiting,
                 std::string_view date) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(reason_phrase(response.status)).append("\r\nDate: ").append(date);
  out.append("\r\n");
  for (const auto& [name, value] : response.headers)
    out.append(name).append(": ").append(value).append("\r\n");
  if (response.shared_headers != nullptr) out.append(*response.shared_headers);
  if (delimiting.chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (delimiting.length) {
    out.append("Content-Length: ");
    append_number(out, *delimiting.length);
    out.append("\r\n");
  }
  out.append(delimiting.keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

void append_upgrade_head(std::string& out, const Response& response, std::string_view date) {
  out.append("HTTP/1.1 101 Switching Protocols\r\nDate: ").append(date).append("\r\n");
  for (const auto& [name, value] : response.headers)
    out.append(name).append(": ").append(value).append("\r\n");
  out.append("\r\n");
}

std::string http_date(std::int64_t unix_seconds) {
  const std::time_t time = unix_seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::string text{days.at(static_cast<std::size_t>(parts.tm_wday))};
  text.append(", ").append(two_digits(parts.tm_mday)).append(" ");
  text.append(months.at(static_cast<std::size_t>(parts.tm_mon))).append(" ");
  text.append(std::to_string(parts.tm_year + 1900)).append(" ");
  text.append(two_digits(parts.tm_hour)).append(":").append(two_digits(parts.tm_min)).append(":");
  return text.append(two_digits(parts.tm_sec)).append(" GMT");
}

Response plain_refusal(int status) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  response.body = R"({"type":"about:blank","title":")" + std::string{reason_phrase(status)} +
                  R"(","status":)" + std::to_string(status) + "}\n";
  return response;
}

}  // namespace sp::http::internal
