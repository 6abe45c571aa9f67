#include "edge-gateway/sessions/files.h"

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
std::uint32_t passed(Files& files, FileRequest one) {
  const auto asked = files.ask(std::move(one));
  REQUIRE(std::holds_alternative<FileRequest>(asked));
  return std::get<FileRequest>(asked).request;
}

}  // namespace

TEST_CASE("a request passes under a number of our own, its answers under the page's", "[gateway]") {
  Files files{pushpull::right::all};

  const auto first = passed(files, request("list", 9));
  const auto second = passed(files, request("get", 4));

  CHECK(first != second);
  const auto told = files.answer(answer("opened", second));
  REQUIRE(std::holds_alternative<FileAnswer>(told));
  CHECK(std::get<FileAnswer>(told).request == 4);
}

TEST_CASE("what a ticket does not allow is not asked", "[gateway]") {
  Files none{pushpull::right::input};
  Files reader{pushpull::right::download};

  const auto refused = none.ask(request("list", 3));
  REQUIRE(std::holds_alternative<Files::Refused>(refused));
  CHECK(std::get<Files::Refused>(refused).request == 3);
  CHECK(std::holds_alternative<Files::Refused>(none.ask(request("get", 3))));
  CHECK(std::holds_alternative<Files::Refused>(reader.ask(request("put", 3))));
  CHECK(std::holds_alternative<Files::Refused>(reader.ask(request("rename", 3))));
  CHECK(std::holds_alternative<Files::Refused>(reader.ask(request("remove", 3))));
  CHECK(std::holds_alternative<Files::Refused>(reader.ask(request("make", 3))));
  CHECK(std::holds_alternative<FileRequest>(reader.ask(request("get", 3))));
}

TEST_CASE("a page has eight open requests, each with its own number", "[gateway]") {
  Files files{pushpull::right::all};
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < 8; ++i) last = passed(files, request("get", i));

  CHECK(std::holds_alternative<Files::Breach>(files.ask(request("get", 3))));
  CHECK(std::holds_alternative<Files::Breach>(files.ask(request("get", 8))));
  files.answer(answer("failed", last));
  CHECK(passed(files, request("get", 7)) > last);
}

TEST_CASE("an upload has a megabyte under way and no more than its size", "[gateway]") {
  Files files{pushpull::right::all};
  const auto number = passed(files, request("put", 1, file_window + 10));
  const Bytes half(file_window / 2);

  CHECK(std::get<std::uint32_t>(files.upload({1, half})) == number);
  CHECK(std::holds_alternative<std::uint32_t>(files.upload({1, half})));
  CHECK(std::holds_alternative<Files::Breach>(files.upload({1, Bytes(1)})));
  CHECK(
      std::holds_alternative<Files::Breach>(files.answer(answer("more", number, file_window + 1))));
  CHECK(std::holds_alternative<FileAnswer>(files.answer(answer("more", number, file_window))));
  CHECK(std::holds_alternative<Files::Breach>(files.upload({1, Bytes(11)})));
  CHECK(std::holds_alternative<std::uint32_t>(files.upload({1, Bytes(10)})));
  CHECK(std::holds_alternative<Files::Nothing>(files.upload({2, Bytes(10)})));
}

TEST_CASE("a download has a megabyte under way", "[gateway]") {
  Files files{pushpull::right::all};
  const auto number = passed(files, request("get", 1, 0, 500));

  CHECK(std::get<std::uint32_t>(files.download({number, Bytes(file_window)})) == 1);
  CHECK(std::holds_alternative<Files::Breach>(files.download({number, Bytes(1)})));
  CHECK(std::holds_alternative<Files::Breach>(files.ask(taken(1, file_window + 501))));
  CHECK(std::holds_alternative<FileRequest>(files.ask(taken(1, file_window + 500))));
  CHECK(std::holds_alternative<std::uint32_t>(files.download({number, Bytes(1)})));
}

TEST_CASE("requests end with their connection", "[gateway]") {
  Files files{pushpull::right::all};
  const auto old = passed(files, request("get", 1));

  CHECK(files.drop_all() == std::vector<std::uint32_t>{old});
  const auto fresh = passed(files, request("get", 1));

  CHECK(fresh != old);
  CHECK(std::holds_alternative<Files::Nothing>(files.download({old, Bytes(1)})));
  CHECK(std::holds_alternative<Files::Nothing>(files.answer(answer("done", old))));
}

TEST_CASE("a worker reports no more changes than were asked", "[gateway]") {
  Files files{pushpull::right::all};
  passed(files, request("list", 1));
  passed(files, request("remove", 2));

  CHECK(files.report());
  CHECK_FALSE(files.report());
}
