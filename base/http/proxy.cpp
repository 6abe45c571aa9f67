#include "base/http/proxy.h"

#include <arpa/inet.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "base/bytes/bytes.h"

namespace sp::http {
namespace {

using State = Parsed<ProxyHeader>::State;
using namespace std::string_view_literals;

constexpr auto start_1 = "PROXY "sv;
constexpr auto start_2 = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t most_line = 107;    // section 2.1, "the worst case"
constexpr std::size_t fixed_size_2 = 16;  // section 2.2: signature, command, family, length

Parsed<ProxyHeader> refused() {
  return {State::refused, {}, 0, Refusal::bad_request};
}
Parsed<ProxyHeader> done(std::size_t size, std::optional<std::string> source = std::nullopt) {
  return {State::done, {std::move(source)}, size, Refusal::bad_request};
}

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  ::inet_ntop(family, address, out.data(), out.size());
  return out.data();
}

std::string text_of_ipv6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return text_of(AF_INET, address.s6_addr + 12);
  return text_of(AF_INET6, &address);
}

std::optional<std::string> address_of(int family, std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return {};
  const std::string terminated{text};
  in6_addr address{};
  if (::inet_pton(family, terminated.c_str(), &address) != 1) return {};
  return family == AF_INET ? text_of(AF_INET, &address) : text_of_ipv6(address);
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stop == end && (text == "0" || !text.starts_with('0'));
}

/// Takes the front of `line` up to the next space, or all of it.
std::string_view take_word(std::string_view& line) {
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

Parsed<ProxyHeader> parse_1(std::string_view input) {
  const auto end = input.substr(0, most_line).find('\n');
  if (end == std::string_view::npos)
    return input.size() < most_line ? Parsed<ProxyHeader>{} : refused();
  if (input[end - 1] != '\r') return refused();
  auto line = input.substr(start_1.size(), end - 1 - start_1.size());
  const auto protocol = take_word(line);
  if (protocol == "UNKNOWN") return done(end + 1);
  if (protocol != "TCP4" && protocol != "TCP6") return refused();
  if (std::ranges::count(line, ' ') != 3) return refused();
  const int family = protocol == "TCP4" ? AF_INET : AF_INET6;
  auto source = address_of(family, take_word(line));
  const auto destination = address_of(family, take_word(line));
  const auto source_port = take_word(line);
  if (!source || !destination || !is_port(source_port) || !is_port(line)) return refused();
  return done(end + 1, std::move(source));
}

/// Type, length, value, one after the other, to the last byte (section 2.2.7).
Outcome read_over_extensions(bytes::Reader& reader) {
  while (!reader.rest().empty()) {
    TRY(reader.u8());
    const auto size = TRY(reader.u16());
    TRY(reader.take(size));
  }
  return {};
}

/// The source of what follows the fixed part. An address is followed by the destination's, and by
/// two ports.
Result<std::optional<std::string>> source_of(unsigned family, BytesView body) {
  constexpr unsigned unspecified = 0x00;
  constexpr unsigned tcp_4 = 0x11;
  constexpr unsigned tcp_6 = 0x21;
  bytes::Reader reader{body};
  std::optional<std::string> source;
  if (family == unspecified) return source;
  if (family == tcp_4) {
    source = text_of(AF_INET, TRY(reader.array<4>()).data());
    TRY(reader.take(4 + 4));
  } else if (family == tcp_6) {
    in6_addr address{};
    std::ranges::copy(TRY(reader.take(16)), std::as_writable_bytes(std::span{&address, 1}).data());
    source = text_of_ipv6(address);
    TRY(reader.take(16 + 4));
  } else {
    return Error{Code::invalid_input, "PROXY header of a family that is no TCP"};
  }
  TRY(read_over_extensions(reader));
  return source;
}

Parsed<ProxyHeader> parse_2(std::string_view input) {
  constexpr unsigned local = 0x20;
  constexpr unsigned proxy = 0x21;
  const auto command =
      input.size() > start_2.size() ? static_cast<unsigned char>(input[start_2.size()]) : proxy;
  if (command != local && command != proxy) return refused();
  bytes::Reader reader{bytes::of(input)};
  if (!reader.take(start_2.size() + 1)) return {};
  const auto family = reader.u8();
  const auto length = reader.u16();
  if (!family || !length) return {};
  const auto size = fixed_size_2 + *length;
  if (size > most_proxy_header) return refused();
  const auto body = reader.take(*length);
  if (!body) return {};
  // "The receiver must accept this connection as valid and must use the real connection endpoints
  // and discard the protocol block including the family which is ignored."
  if (command == local) return done(size);
  auto source = source_of(*family, *body);
  return source ? done(size, *std::move(source)) : refused();
}

/// As much of `input` as there is begins `start`.
bool may_begin(std::string_view input, std::string_view start) {
  const auto size = std::min(input.size(), start.size());
  return input.substr(0, size) == start.substr(0, size);
}

bool is_name(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() &&
         ::strncasecmp(name.data(), wanted.data(), name.size()) == 0;
}

std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// Takes the last element of a list off it.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return without_spaces(last);
}

}  // namespace

Parsed<ProxyHeader> parse_proxy_header(std::string_view input) {
  const bool may_be_1 = may_begin(input, start_1);
  if (!may_be_1 && !may_begin(input, start_2)) return refused();
  if (input.size() < start_1.size()) return {};
  return may_be_1 ? parse_1(input) : parse_2(input);
}

std::optional<std::string> usual_address(std::string_view text) {
  return address_of(text.find(':') == std::string_view::npos ? AF_INET : AF_INET6, text);
}

std::string client_address(const Request& request, std::span<const std::string> proxies) {
  const auto is_proxy = [&](const std::string& one) {
    return std::ranges::find(proxies, one) != proxies.end();
  };
  auto client = request.peer;
  for (auto at = request.headers.rbegin(); at != request.headers.rend(); ++at) {
    if (!is_name(at->first, "X-Forwarded-For")) continue;
    std::string_view list = at->second;
    while (!list.empty()) {
      if (!is_proxy(client)) return client;
      client = usual_address(take_last(list)).value_or("");
    }
  }
  return client;
}

}  // namespace sp::http
