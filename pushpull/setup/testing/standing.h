#pragma once
// A standing set-up, for tests of its words and of what each edge gives to it.

#include "pushpull/setup/setup.h"

namespace sp::pushpull::testing {

inline Standing standing(const std::string& url, std::vector<Texts> own) {
  return {.url = url,
          .listen = "0.0.0.0:443",
          .intake = "192.0.2.10:9443",
          .plain_http = "",
          .certificate = "/d/site.crt",
          .key = "/d/site.key",
          .intake_certificate = "/d/intake.crt",
          .intake_key = "/d/intake.key",
          .data = "/d/data",
          .own = std::move(own)};
}

}  // namespace sp::pushpull::testing
