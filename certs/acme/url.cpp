#include <algorithm>
#include <charconv>

#include "certs/acme/transport.h"

namespace sp::acme {
namespace {

constexpr std::size_t most_url = 2048;

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return Error{Code::invalid_input, "a port is a number from 1 to 65535"};
  return port;
}

// One member of a Link header: <target>; rel="relation".
bool has_relation(std::string_view parameters, std::string_view relation) {
  for (const auto& form : {"rel=\"" + std::string{relation} + "\"", "rel=" + std::string{relation}})
    if (parameters.find(form) != std::string_view::npos) return true;
  return false;
}

void add_links(std::string_view header, std::string_view relation, std::vector<std::string>& out) {
  while (true) {
    const auto from = header.find('<');
    const auto to = header.find('>', from);
    if (to == std::string_view::npos) return;
    const auto next = std::min(header.find('<', to), header.size());
    if (has_relation(header.substr(to, next - to), relation))
      out.emplace_back(header.substr(from + 1, to - from - 1));
    header.remove_prefix(next);
  }
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  const Error refused{Code::invalid_input, "an address of a CA is https://host[:port]/path"};
  if (!text.starts_with(scheme) || text.size() > most_url || !is_plain(text)) return refused;
  text.remove_prefix(scheme.size());
  const auto slash = std::min(text.find_first_of("/?#"), text.size());
  auto host = text.substr(0, slash);
  Url out;
  out.target = slash == text.size() ? "/" : std::string{text.substr(slash)};
  if (out.target.front() != '/' || out.target.find('#') != std::string::npos ||
      host.find('@') != std::string_view::npos)
    return refused;
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    out.port = TRY(parse_port(host.substr(colon + 1)));
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return refused;
  out.host = std::string{host};
  return out;
}

std::string_view HttpAnswer::header(std::string_view name) const {
  const auto it =
      std::ranges::find_if(headers, [&](const auto& header) { return header.first == name; });
  return it == headers.end() ? std::string_view{} : std::string_view{it->second};
}

std::vector<std::string> HttpAnswer::links(std::string_view relation) const {
  std::vector<std::string> out;
  for (const auto& [name, value] : headers)
    if (name == "link") add_links(value, relation, out);
  return out;
}

}  // namespace sp::acme
