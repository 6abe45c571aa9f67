#include <cstdint>

#include "certs/lint/clients.h"
#include "certs/lint/lint.h"
#include "certs/x509/pem.h"

// No file crashes what loads certificates, and no certificate the rules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::certs;
  static const auto suffixes = PublicSuffixes::parse("com\nco.uk\n*.ck\n!www.ck\n");
  const auto all = certificates_in(std::as_bytes(std::span{data, size}));
  if (!all) return 0;
  for (const auto& der : *all) {
    const auto view = View::parse(der);
    if (!view) continue;
    static_cast<void>(lint::findings(*view, lint::Scope::public_authorities, suffixes));
    static_cast<void>(lint::client_opinions(*view, true));
    static_cast<void>(name_text(view->issuer));
    static_cast<void>(is_for_host(*view, "a.example"));
  }
  return 0;
}
