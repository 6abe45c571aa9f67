#include "edge-gateway/door/door.h"

#include <algorithm>
#include <cctype>

#include "base/http/proxy.h"
#include "base/http/websocket.h"
#include "edge-gateway/door/visit.h"

namespace sp::edge_gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view socket_path = "/ws";
constexpr std::string_view protocol = "sallyport-session-v1";
constexpr std::size_t remembered = 16UL * 1024;  // sources

http::SocketOptions socket_options() {
  return {.most_message = most_first_message,
          .refusal = door_refusal,
          .first_message = 5s,
          .ping = 15s,
          .silence = 45s};
}

}  // namespace

Door::Door(DoorOptions options, Ledger& ledger, Roster& roster, Random& random)
    : options_(std::move(options)),
      ledger_(&ledger),
      roster_(&roster),
      tries_(options_.tries, remembered, random) {}

void Door::handle(http::Request request, const http::Reply& reply) {
  reply(request.path == socket_path ? socket(request) : page_.answer(request));
}

// A wrong origin is refused as everything else is: after the first message, without a word.
http::Response Door::socket(const http::Request& request) {
  auto source = http::client_address(request, options_.proxies);
  if (source.empty()) source = request.peer;
  const bool is_ours = request.header("Origin") == options_.origin;
  auto answer = http::accept_socket(request, protocol,
                                    std::make_shared<Visit>(*this, std::move(source), is_ours),
                                    socket_options());
  if (answer.status != 101) return page_.bare(answer.status == 405 ? 405 : 400);
  return answer;
}

bool Door::is_limited(const std::string& source) const {
  return tries_.blocked(bytes::of(source_network(source)), ledger_->clock().now()).has_value();
}

void Door::refused(std::string_view reason, const std::string& source) {
  const auto now = ledger_->clock().now();
  const auto network = source_network(source);
  ++refusals_count_;
  tries_.spend(bytes::of(network), now);
  if (const auto told = refusals_.note(reason, network, now)) ledger_->tell_refused(*told);
}

void Door::tell_refusals() {
  for (const auto& refused : refusals_.due(ledger_->clock().now())) ledger_->tell_refused(refused);
}

// As a browser writes it (RFC 6454 section 6.1): in lower case, without the usual port.
std::string origin_of(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  constexpr std::string_view usual_port = ":443";
  const auto end = url.find_first_of("/?#", scheme.size());
  std::string out{url.substr(0, end)};
  if (out.ends_with(usual_port)) out.resize(out.size() - usual_port.size());
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace sp::edge_gateway
