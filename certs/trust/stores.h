#pragma once
// How each kind of store is told and asked.

#include "certs/trust/trust.h"

namespace sp::certs {

/// What is installed: the file, and the name that stores list it by.
struct Anchor {
  std::filesystem::path file;
  std::string label;  ///< "sallyport-" and the first 16 hex digits of its SHA-256
  std::string pem;
};

std::vector<Said> system_store(Action action, const Anchor& anchor, const Places& places);
std::vector<Said> nss_store(Action action, const Anchor& anchor, const Places& places);
std::vector<Said> firefox_store(Action action, const Anchor& anchor, const Places& places);
std::vector<Said> java_store(Action action, const Anchor& anchor, const Places& places);

}  // namespace sp::certs
