#include "edge-selfdestruct/setup/words.h"

#include "base/setup/settings_text.h"

namespace sp::edge_selfdestruct {

std::string configuration(const std::string& text, const Standing& values) {
  auto out = text.empty() ? std::string{"# Made by sallyport-selfdestruct setup; see "
                                        "sallyport-selfdestruct(1). Yours to change.\n"}
                          : text;
  const auto set = [&](const char* table, const char* key, const std::string& value) {
    out = setup::with_setting(out, table, key, value);
  };
  set("public", "url", values.url);
  set("public", "listen", values.listen);
  set("public", "certificate", values.certificate.string());
  set("public", "key", values.key.string());
  set("intake", "listen", values.intake);
  set("intake", "certificate", values.intake_certificate.string());
  set("intake", "key", values.intake_key.string());
  set("data", "directory", values.data.string());
  return out;
}

std::string firewall_words(const Standing& values) {
  return "A firewall must allow\n  everybody           -> " + values.listen +
         " (TCP): recipients\n  the core's address  -> " + values.intake +
         " (TCP): the core alone\nand nothing else. This machine needs to open no connection to "
         "the inside: deny them all, and\nlet the firewall tell you when one is tried.\n";
}

}  // namespace sp::edge_selfdestruct
