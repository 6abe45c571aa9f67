#include "edge-gateway/sessions/requests.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::edge_gateway;

namespace {

FileRequest request(std::string action, std::uint32_t number, std::uint64_t size = 0,
                    std::uint64_t offset = 0) {
  FileRequest out;
  out.action = std::move(action);
  out.request = number;
  out.path = "a";
  out.size = size;
  out.offset = offset;
  return out;
}
FileRequest taken(std::uint32_t number, std::uint64_t seen) {
  auto out = request("taken", number);
  out.seen = seen;
  return out;
}
FileAnswer answer(std::string type, std::uint32_t number, std::uint64_t seen = 0) {
  FileAnswer out;
  out.type = std::move(type);
  out.request = number;
  out.seen = seen;
  return out;
}
std::uint32_t passed(Requests& requests, FileRequest one) {
  const auto asked = requests.ask(std::move(one));
  REQUIRE(std::holds_alternative<FileRequest>(asked));
  return std::get<FileRequest>(asked).request;
}

}  // namespace

TEST_CASE("a request passes under a number of our own, its answers under the page's", "[gateway]") {
  Requests requests{pushpull::right::all};

  const auto first = passed(requests, request("list", 9));
  const auto second = passed(requests, request("get", 4));

  CHECK(first != second);
  const auto told = requests.answer(answer("opened", second));
  REQUIRE(std::holds_alternative<FileAnswer>(told));
  CHECK(std::get<FileAnswer>(told).request == 4);
}

TEST_CASE("what a ticket does not allow is not asked", "[gateway]") {
  Requests none{pushpull::right::input};
  Requests reader{pushpull::right::download};

  const auto refused = none.ask(request("list", 3));
  REQUIRE(std::holds_alternative<Requests::Refused>(refused));
  CHECK(std::get<Requests::Refused>(refused).request == 3);
  CHECK(std::holds_alternative<Requests::Refused>(none.ask(request("get", 3))));
  CHECK(std::holds_alternative<Requests::Refused>(reader.ask(request("put", 3))));
  CHECK(std::holds_alternative<Requests::Refused>(reader.ask(request("rename", 3))));
  CHECK(std::holds_alternative<Requests::Refused>(reader.ask(request("remove", 3))));
  CHECK(std::holds_alternative<Requests::Refused>(reader.ask(request("make", 3))));
  CHECK(std::holds_alternative<FileRequest>(reader.ask(request("get", 3))));
}

TEST_CASE("a page has eight open requests, each with its own number", "[gateway]") {
  Requests requests{pushpull::right::all};
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < 8; ++i) last = passed(requests, request("get", i));

  CHECK(std::holds_alternative<Requests::Breach>(requests.ask(request("get", 3))));
  CHECK(std::holds_alternative<Requests::Breach>(requests.ask(request("get", 8))));
  requests.answer(answer("failed", last));
  CHECK(passed(requests, request("get", 7)) > last);
}

TEST_CASE("an upload has a megabyte under way and no more than its size", "[gateway]") {
  Requests requests{pushpull::right::all};
  const auto number = passed(requests, request("put", 1, file_window + 10));
  const Bytes half(file_window / 2);

  CHECK(std::get<std::uint32_t>(requests.upload({1, half})) == number);
  CHECK(std::holds_alternative<std::uint32_t>(requests.upload({1, half})));
  CHECK(std::holds_alternative<Requests::Breach>(requests.upload({1, Bytes(1)})));
  CHECK(std::holds_alternative<Requests::Breach>(
      requests.answer(answer("more", number, file_window + 1))));
  CHECK(std::holds_alternative<FileAnswer>(requests.answer(answer("more", number, file_window))));
  CHECK(std::holds_alternative<Requests::Breach>(requests.upload({1, Bytes(11)})));
  CHECK(std::holds_alternative<std::uint32_t>(requests.upload({1, Bytes(10)})));
  CHECK(std::holds_alternative<Requests::Nothing>(requests.upload({2, Bytes(10)})));
}

TEST_CASE("a download has a megabyte under way", "[gateway]") {
  Requests requests{pushpull::right::all};
  const auto number = passed(requests, request("get", 1, 0, 500));

  CHECK(std::get<std::uint32_t>(requests.download({number, Bytes(file_window)})) == 1);
  CHECK(std::holds_alternative<Requests::Breach>(requests.download({number, Bytes(1)})));
  CHECK(std::holds_alternative<Requests::Breach>(requests.ask(taken(1, file_window + 501))));
  CHECK(std::holds_alternative<FileRequest>(requests.ask(taken(1, file_window + 500))));
  CHECK(std::holds_alternative<std::uint32_t>(requests.download({number, Bytes(1)})));
}

TEST_CASE("requests end with their connection", "[gateway]") {
  Requests requests{pushpull::right::all};
  const auto old = passed(requests, request("get", 1));

  CHECK(requests.drop_all() == std::vector<std::uint32_t>{old});
  const auto fresh = passed(requests, request("get", 1));

  CHECK(fresh != old);
  CHECK(std::holds_alternative<Requests::Nothing>(requests.download({old, Bytes(1)})));
  CHECK(std::holds_alternative<Requests::Nothing>(requests.answer(answer("done", old))));
}

TEST_CASE("a worker reports no more changes than were asked", "[gateway]") {
  Requests requests{pushpull::right::all};
  passed(requests, request("list", 1));
  passed(requests, request("remove", 2));

  CHECK(requests.report());
  CHECK_FALSE(requests.report());
}
