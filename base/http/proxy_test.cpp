#include "base/http/proxy.h"

#include "base/testing/catch.h"

namespace sp::http {
namespace {

using namespace std::string_literals;
using State = Parsed<ProxyHeader>::State;

const auto signature = "\r\n\r\n\0\r\nQUIT\n"s;

/// A header of version 2 around `body`.
std::string binary(char command, char family, const std::string& body) {
  return signature + command + family + static_cast<char>(body.size() / 256) +
         static_cast<char>(body.size() % 256) + body;
}
const auto addresses_4 = "\xC6\x33\x64\x09\xC0\x00\x02\x0A\x12\x34\x01\xBB"s;
const auto addresses_6 =
    "\x20\x01\x0D\xB8"s + std::string(11, '\0') + "\x01" + std::string(20, '\2');

/// "more", "refused", or the source and what is left of `input`.
std::string read(const std::string& input) {
  const auto parsed = parse_proxy_header(input);
  if (parsed.state == State::more) return "more";
  if (parsed.state == State::refused) return "refused";
  return parsed.value.source.value_or("the proxy's") + "|" + input.substr(parsed.size);
}

bool waits_until_whole(const std::string& header) {
  for (std::size_t size = 0; size < header.size(); ++size)
    if (read(header.substr(0, size)) != "more") return false;
  return parse_proxy_header(header).state == State::done;
}

std::string client(const std::string& peer, const Headers& headers) {
  const std::vector<std::string> proxies{"10.0.0.1", "10.0.0.2", "2001:db8::1"};
  Request request;
  request.peer = peer;
  request.headers = headers;
  return client_address(request, proxies);
}

TEST_CASE("a PROXY line names the client, and what follows it is left", "[http][proxy]") {
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 4660 443\r\nabc") == "198.51.100.9|abc");
  CHECK(read("PROXY TCP6 2001:DB8:0::1 2001:db8::2 0 65535\r\n") == "2001:db8::1|");
  CHECK(read("PROXY TCP6 ::ffff:198.51.100.9 ::1 1 1\r\n") == "198.51.100.9|");
  CHECK(read("PROXY UNKNOWN\r\nabc") == "the proxy's|abc");
  CHECK(read("PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n") == "the proxy's|");
}

TEST_CASE("a PROXY header of version 2 names the client, and what follows it is left",
          "[http][proxy]") {
  CHECK(read(binary('\x21', '\x11', addresses_4) + "abc") == "198.51.100.9|abc");
  CHECK(read(binary('\x21', '\x21', addresses_6) + "abc") == "2001:db8::1|abc");
  CHECK(read(binary('\x21', '\x11', addresses_4 + "\x04\x00\x02pp"s)) == "198.51.100.9|");
  CHECK(read(binary('\x20', '\x31', "anything") + "abc") == "the proxy's|abc");
  CHECK(read(binary('\x21', '\x00', "") + "abc") == "the proxy's|abc");
}

TEST_CASE("a PROXY header that is cut is waited for", "[http][proxy]") {
  CHECK(waits_until_whole("PROXY TCP4 198.51.100.9 192.0.2.10 4660 443\r\n"));
  CHECK(waits_until_whole(binary('\x21', '\x21', addresses_6 + "\x04\x00\x01p"s)));
  CHECK(waits_until_whole(binary('\x20', '\x00', "")));
}

TEST_CASE("what is no PROXY header is refused as soon as it shows", "[http][proxy]") {
  CHECK(read("G") == "refused");
  CHECK(read("\x16\x03\x01") == "refused");
  CHECK(read("PROXX") == "refused");
  CHECK(read("\r\n\r\n\r") == "refused");
  CHECK(read(signature + "\x11") == "refused");
  CHECK(read(signature + "\x22") == "refused");
}

TEST_CASE("a PROXY line is refused for any flaw", "[http][proxy]") {
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 4660 443\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 4660 443 \r\n") == "refused");
  CHECK(read("PROXY TCP4  198.51.100.9 192.0.2.10 4660 443\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 4660\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 4660 65536\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 04660 443\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9 192.0.2.10 -1 443\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.256 192.0.2.10 1 443\r\n") == "refused");
  CHECK(read("PROXY TCP4 2001:db8::1 192.0.2.10 1 443\r\n") == "refused");
  CHECK(read("PROXY TCP6 198.51.100.9 192.0.2.10 1 443\r\n") == "refused");
  CHECK(read("PROXY TCP4 198.51.100.9\0 192.0.2.10 1 443\r\n"s) == "refused");
  CHECK(read("PROXY UDP4 198.51.100.9 192.0.2.10 1 443\r\n") == "refused");
  CHECK(read("PROXY \r\n") == "refused");
  CHECK(read("PROXY \n") == "refused");
  CHECK(read("PROXY UNKNOWN " + std::string(91, 'x') + "\r\n") == "the proxy's|");
  CHECK(read("PROXY UNKNOWN " + std::string(92, 'x') + "\r\n") == "refused");
  CHECK(read("PROXY UNKNOWN " + std::string(93, 'x')) == "refused");
}

TEST_CASE("a PROXY header of version 2 is refused for any flaw", "[http][proxy]") {
  CHECK(read(binary('\x21', '\x11', addresses_4.substr(1))) == "refused");
  CHECK(read(binary('\x21', '\x21', addresses_4)) == "refused");
  CHECK(read(binary('\x21', '\x12', addresses_4)) == "refused");
  CHECK(read(binary('\x21', '\x31', std::string(216, 'x'))) == "refused");
  CHECK(read(binary('\x21', '\x11', addresses_4 + "\x04\x00"s)) == "refused");
  CHECK(read(binary('\x21', '\x11', addresses_4 + "\x04\x00\x02p"s)) == "refused");
  CHECK(read(binary('\x20', '\x00', std::string(1008, 'x'))) == "the proxy's|");
  CHECK(read(binary('\x20', '\x00', std::string(1009, 'x')).substr(0, 16)) == "refused");
}

TEST_CASE("the client is the right-most address that is no proxy", "[http][proxy]") {
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "203.0.113.7, 198.51.100.9"}}) == "198.51.100.9");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9,10.0.0.2"}}) == "198.51.100.9");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "203.0.113.7"},
                            {"Accept", "*/*"},
                            {"x-forwarded-for", "198.51.100.9"}}) == "198.51.100.9");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9"},
                            {"X-Forwarded-For", "10.0.0.2"}}) == "198.51.100.9");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "2001:DB8:0::2, 2001:DB8:0::1"}}) == "2001:db8::2");
  CHECK(client("10.0.0.1", {}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "10.0.0.2"}}) == "10.0.0.2");
}

TEST_CASE("who is no proxy is not believed, and what is no address is nobody's", "[http][proxy]") {
  CHECK(client("203.0.113.7", {{"X-Forwarded-For", "198.51.100.9"}}) == "203.0.113.7");
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9, unknown"}}).empty());
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9,"}}).empty());
  CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9:4711"}}).empty());
}

TEST_CASE("an address has one usual form", "[http][proxy]") {
  CHECK(usual_address("::FFFF:10.0.0.1") == "10.0.0.1");
  CHECK(usual_address("2001:0DB8::0001") == "2001:db8::1");
  CHECK_FALSE(usual_address("10.0.0"));
  CHECK_FALSE(usual_address("[::1]"));
  CHECK_FALSE(usual_address(""));
  CHECK_FALSE(usual_address(std::string(1000, ':')));
}

}  // namespace
}  // namespace sp::http
