#include <cstdint>

#include "certs/acme/folder.h"

// Whatever a CA answers, or lies in the folder: no crash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sp::acme;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static_cast<void>(decode_problem(text));
  static_cast<void>(decode_directory(text));
  static_cast<void>(decode_order(text));
  static_cast<void>(decode_authorization(text));
  static_cast<void>(decode_window(text));
  static_cast<void>(decode_settings(text));
  static_cast<void>(decode_plan(text));
  static_cast<void>(decode_pending(text));
  static_cast<void>(decode_account(text));
  static_cast<void>(parse_time(text));
  static_cast<void>(parse_http_date(text));
  static_cast<void>(parse_url(text));
  HttpAnswer answer{200, {}, {{"link", std::string{text}}}};
  static_cast<void>(answer.links("alternate"));
  return 0;
}
