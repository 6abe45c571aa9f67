#include "core/cli/session_page.h"

#include <charconv>
#include <map>

#include "base/bytes/bytes.h"

namespace sp::cli {
namespace {

Error no_ticket() {
  return Error{Code::invalid_input, "the core's answer has no address of a session"};
}

Result<int> port_of(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return no_ticket();
  return port;
}

}  // namespace

Result<TicketUrl> parse_ticket_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  const auto path = url.find("/s#");
  const auto dot = url.rfind('.');
  if (!url.starts_with(scheme) || path == std::string_view::npos || dot == std::string_view::npos ||
      dot < path + 3)
    return no_ticket();
  TicketUrl out;
  out.origin = url.substr(0, path);
  auto host = url.substr(scheme.size(), path - scheme.size());
  const auto colon = host.ends_with(']') ? std::string_view::npos : host.rfind(':');
  if (colon != std::string_view::npos) out.port = TRY(port_of(host.substr(colon + 1)));
  host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  out.host = host;
  out.id = url.substr(path + 3, dot - path - 3);
  out.secret = Secret::copy_of(bytes::of(url.substr(dot + 1)));
  if (out.host.empty() || out.id.empty() || out.secret.empty()) return no_ticket();
  return out;
}

std::string opening_with_ticket(const TicketUrl& ticket, const WindowSize& size,
                                const std::string& term) {
  // By hand: nlohmann would keep copies of the secret, which is base64url and needs no escapes.
  return R"({"v":1,"id":")" + ticket.id + R"(","secret":")" +
         std::string{bytes::text(ticket.secret.expose())} + R"(","columns":)" +
         std::to_string(size.columns) + R"(,"rows":)" + std::to_string(size.rows) + R"(,"term":)" +
         Json(term).dump() + "}";
}

std::string opening_with_resume(const std::string& session, const std::string& resume,
                                std::uint64_t seen, const WindowSize& size) {
  return Json{{"v", 1},       {"session", session},      {"resume", resume},
              {"seen", seen}, {"columns", size.columns}, {"rows", size.rows}}
      .dump();
}

std::string Escape::pass(std::string_view typed, bool& left) {
  std::string out;
  for (const char c : typed) {
    if (tilde_) {
      tilde_ = false;
      if (c == '.') {
        left = true;
        return out;
      }
      if (c != '~') out += '~';
    } else if (c == '~' && line_begins_) {
      tilde_ = true;
      line_begins_ = false;
      continue;
    }
    out += c;
    line_begins_ = c == '\r' || c == '\n';
  }
  return out;
}

std::string end_words(const std::string& reason, const std::string& by) {
  static const std::map<std::string, std::string> words{
      {"logout", "the shell ended"},
      {"closed", "you ended it"},
      {"idle", "nothing was typed for too long"},
      {"limit", "its time is over"},
      {"terminated", "it was ended"},
      {"lost", "the connection was away for too long"},
      {"hung_up", "the host hung up"},
      {"unreachable", "the host cannot be reached"},
      {"address", "the gateway may not go to this address"},
      {"host_key", "the host did not show the key that is known of it"},
      {"credential", "the host did not take the credential"},
      {"protocol", "the host does not speak SSH as it should"},
      {"disk_full", "the gateway's disk is full"},
      {"restarted", "the gateway was started anew"},
      {"internal", "the gateway failed"}};
  const auto found = words.find(reason);
  auto text = found == words.end() ? std::string{"it is over"} : found->second;
  if (reason == "terminated" && !by.empty()) text += " by " + by;
  return text;
}

}  // namespace sp::cli
