#include "base/http/internal/address_counter.h"

#include "base/testing/catch.h"

namespace sp::http::internal {
namespace {

AddressCounter::Key key(const char* address) {
  return AddressCounter::key_of(boost::asio::ip::make_address(address));
}

TEST_CASE("an IPv6 address counts as its /64, and IPv4 as itself however it is written", "[http]") {
  CHECK(key("2001:db8::1") == key("2001:db8::ffff:1"));
  CHECK(key("2001:db8::1") != key("2001:db8:0:1::1"));
  CHECK(key("192.0.2.1") == key("::ffff:192.0.2.1"));
  CHECK(key("192.0.2.1") != key("192.0.2.2"));
  CHECK(key("4.0.0.0") != key("400::"));
}

TEST_CASE("what was counted is given back", "[http]") {
  AddressCounter counter;
  const auto one = key("192.0.2.1");

  CHECK(counter.add(one, 2));
  CHECK(counter.add(one, 2));
  CHECK_FALSE(counter.add(one, 2));
  CHECK(counter.add(key("192.0.2.2"), 2));
  counter.remove(one);
  CHECK(counter.add(one, 2));
  CHECK_FALSE(counter.add(key("192.0.2.3"), 0));
}

}  // namespace
}  // namespace sp::http::internal
