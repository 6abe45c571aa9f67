#include <cstdint>
#include <cstdlib>

#include "base/http/proxy.h"

// Whatever arrives: no crash, no byte taken that is not there, a source that is an address, and the
// same verdict however it was cut: an incomplete header was never more than the whole one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::http;
  using State = Parsed<ProxyHeader>::State;
  if (size < 1) return 0;
  const std::string_view all{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = parse_proxy_header(all);
  if (whole.state == State::more && all.size() >= most_proxy_header) std::abort();
  if (whole.state == State::done) {
    if (whole.size > all.size() || whole.size > most_proxy_header) std::abort();
    const auto& source = whole.value.source;
    if (source && usual_address(*source) != *source) std::abort();
  }

  const auto cut = std::min<std::size_t>(data[0], all.size());
  const auto part = parse_proxy_header(all.substr(0, cut));
  if (part.state == State::more && whole.state == State::done && whole.size <= cut) std::abort();
  if (part.state == State::done && whole.size != part.size) std::abort();
  if (part.state == State::refused && whole.state != State::refused) std::abort();

  Request request;
  request.peer = "10.0.0.1";
  request.headers = {{"X-Forwarded-For", std::string{all}}};
  const auto client = client_address(request, std::span{&request.peer, 1});
  if (!client.empty() && usual_address(client) != client) std::abort();
  return 0;
}
