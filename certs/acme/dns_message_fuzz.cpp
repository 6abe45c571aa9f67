#include <cstdint>

#include "certs/acme/dns_message.h"

// Whatever a name server sends: no crash, and nothing unsigned is believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp;
  const auto message = std::as_bytes(std::span{data, size});
  const auto parsed = acme::dns::parse(message);
  if (!parsed) return 0;
  for (const auto* section : {&parsed->answers, &parsed->authority, &parsed->additional})
    for (const auto& record : *section) static_cast<void>(acme::dns::text_of(record));
  acme::dns::TsigKey key{"k.", Secret::copy_of(bytes::of("a secret nobody knows"))};
  if (acme::dns::verify(message, key, from_millis(0), {})) __builtin_trap();
  return 0;
}
