#include "base/secret/secret.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <array>
#include <ostream>

#include "base/testing/catch.h"

namespace sp {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!Streamable<Secret>);
static_assert(!std::is_constructible_v<nlohmann::json, const Secret&>);

TEST_CASE("secrets are equal by content", "[secret]") {
  const std::array<std::byte, 2> bytes{std::byte{1}, std::byte{2}};

  CHECK((Secret::copy_of(bytes) == Secret::copy_of(bytes)));
  CHECK_FALSE((Secret::copy_of(bytes) == Secret{2}));
}

TEST_CASE("a move leaves its source empty", "[secret]") {
  Secret from{8};

  const Secret to = std::move(from);

  CHECK(from.empty());  // NOLINT(bugprone-use-after-move)
  CHECK(to.size() == 8U);
}

}  // namespace
}  // namespace sp
