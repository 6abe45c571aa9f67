// Whatever arrives: the head is read or refused, and nothing opens that the core did not seal.
#include "base/random/random.h"
#include "pushpull/envelope/envelope.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp;
  using namespace sp::pushpull;
  static OsRandom random;
  static const auto edge = StaticPrivateKey::random(random);
  static const auto core = core_public_key(StaticPrivateKey::random(random));
  static const auto psk = LinkPsk::random(random);
  static const ResponseOpener opener{Operation::push, Bytes(32), random.secret(32)};
  const auto envelope = std::as_bytes(std::span{data, size});
  ensure(!open_request(envelope, edge, core, psk).has_value());
  ensure(!opener.open(envelope).has_value());
  return 0;
}
