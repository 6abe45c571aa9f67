#pragma once
// The root that people are to trust. Public: it holds no secret, and who cannot open the site
// without a warning needs it first.

#include <filesystem>
#include <string>

#include "base/result/result.h"
#include "base/tls/certificate.h"

namespace sp::certificates {

struct Root {
  std::string pem;  ///< the certificate alone, whatever else its file holds
  tls::Facts facts;
};
/// Of a PEM file with certificates: the self-signed one among them. `not_found` when the file is
/// missing, `invalid_input` when it holds no root. Read each time, so that a new one is found.
Result<Root> read_root(const std::filesystem::path& path);

}  // namespace sp::certificates
