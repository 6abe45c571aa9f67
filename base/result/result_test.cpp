#include "base/result/result.h"

#include <memory>

#include "base/testing/catch.h"

namespace sp {
namespace {

Result<std::unique_ptr<int>> half(int number) {
  if (number % 2 != 0) return Error{Code::invalid_input, "odd"};
  return std::make_unique<int>(number / 2);
}

Outcome even(int number) {
  TRY(half(number));
  return {};
}

Result<int> quarter(int number) {
  TRY(even(number));
  const auto first = TRY(half(number));
  const auto second = TRY(half(*first));
  return *second;
}

TEST_CASE("TRY yields the value of each step", "[result]") {
  CHECK(*quarter(12) == 3);
}

TEST_CASE("TRY returns the first error", "[result]") {
  const auto failed = quarter(6);

  REQUIRE_FALSE(failed);
  CHECK(failed.error().code() == Code::invalid_input);
}

TEST_CASE("an error names the outermost step first", "[result]") {
  const auto error = Error{Code::corrupt, "short"}.within("read header").within("open vault");

  CHECK(error.detail() == "open vault: read header: short");
}

TEST_CASE("a result adds a step to its error only", "[result]") {
  CHECK(*half(4).within("halve").value() == 2);
  CHECK(half(3).within("halve").error().detail() == "halve: odd");
}

}  // namespace
}  // namespace sp
