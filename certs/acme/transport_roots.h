#pragma once
#include "certs/acme/transport.h"

namespace sp::acme {

/// As `https_transport`, trusting `roots` (PEM) alone instead of a file's.
std::unique_ptr<Transport> https_transport(TransportOptions options, std::string roots);

}  // namespace sp::acme
