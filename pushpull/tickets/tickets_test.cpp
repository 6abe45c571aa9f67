#include "pushpull/tickets/tickets.h"

#include "base/testing/catch.h"

using namespace sp;
using namespace sp::pushpull;

namespace {

// Bytes that count upwards from `first`.
template <std::size_t N>
std::array<std::byte, N> counting(unsigned first) {
  std::array<std::byte, N> out{};
  for (auto& one : out) one = static_cast<std::byte>(first++);
  return out;
}

const auto id = counting<16>(0);
const auto secret = Secret::copy_of(counting<32>(100));

Credential root_login() {
  return {.login = "root",
          .kind = "password",
          .password = bytes::copy(bytes::of("tr0ub4dor")),
          .private_key = {},
          .passphrase = {},
          .certificate = {}};
}

// Made with Python's hmac, hashlib and cryptography, after docs/formats/ticket.md section 1.
constexpr std::string_view open_hash =
    "47721452fabc61fc362515cbf564493721b8d3cc3dac14487a4f83a5b5df706e";
constexpr std::string_view sealed_login =
    "40469a5cc67b60ee2b93d32e85aadfb12be5bc08e0044dc52db48e389300efdbccefd5bccb05d8f5"
    "d3d89ad9b1a32dad00a9d0b37526103fd622b15ec24e5a399407477e407dc3031299ded4ae95e785"
    "7b1b437920c519636176dba6cf572126981211";

bool opens(const TicketId& with, const Secret& key, BytesView sealed) {
  return open_credential(ticket_keys(with, key), with, sealed).has_value();
}

}  // namespace

TEST_CASE("a ticket's keys and seal are those of another implementation", "[tickets]") {
  const auto keys = ticket_keys(id, secret);

  CHECK(bytes::hex(keys.open) == open_hash);
  CHECK(bytes::hex(seal_credential(keys, id, root_login())) == sealed_login);
}

TEST_CASE("the secret opens the credential, and nothing else does", "[tickets]") {
  const auto sealed = seal_credential(ticket_keys(id, secret), id, root_login());

  const auto opened = open_credential(ticket_keys(id, secret), id, sealed);

  REQUIRE(opened);
  CHECK(opened->login == "root");
  CHECK(opened->password == root_login().password);
  CHECK_FALSE(opens(id, Secret::copy_of(counting<32>(101)), sealed));
  CHECK_FALSE(opens(counting<16>(1), secret, sealed));
}

TEST_CASE("a sealed credential that was changed or cut does not open", "[tickets]") {
  const auto sealed = seal_credential(ticket_keys(id, secret), id, root_login());
  std::size_t opened = 0;

  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto flipped = sealed;
    flipped[bit / 8] ^= std::byte{1} << (bit % 8);
    opened += opens(id, secret, flipped) ? 1U : 0U;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    opened += opens(id, secret, BytesView{sealed}.first(size)) ? 1U : 0U;

  CHECK(opened == 0);
}

TEST_CASE("a wiped credential is empty", "[tickets]") {
  auto credential = root_login();

  wipe(credential);

  CHECK(credential.password.empty());
}
