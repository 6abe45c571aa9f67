#include "base/bytes/bytes.h"
#include "base/result/ensure.h"
#include "certs/authority/constraints.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::certs;
  const auto text = sp::bytes::text(std::as_bytes(std::span{data, size}));
  if (const auto host = Host::of_url(text)) {
    const auto again = Host::parse(host->text);
    sp::ensure(again && *again == *host);
    sp::ensure(Constraints::of_hosts({*host}).permits(*host).has_value());
  }
  static_cast<void>(Range::parse(text));
  return 0;
}
