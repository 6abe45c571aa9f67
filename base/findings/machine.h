#pragma once
// What every doctor looks at: names, ports, certificates, clock, disk, files.

#include <filesystem>
#include <string>

#include "base/findings/findings.h"
#include "base/time/clock.h"

namespace sp::findings {

/// Whether the host of `url` has an address, and one of this machine.
Finding name_of(const std::string& url);
/// Whether the kernel knows its clock to be right.
Finding clock();
/// Room on the disk of `folder`.
Finding disk(const std::filesystem::path& folder);
/// Whether `path` is there, belongs to the owner of `folder`, and only he can read it.
Finding secret_file(const std::string& about, const std::filesystem::path& path,
                    const std::filesystem::path& folder);

/// One listener of this machine.
struct Listener {
  std::string about;   ///< "site"
  std::string listen;  ///< "0.0.0.0:443"
  std::string host;    ///< what clients dial
  std::string path;    ///< what answers with 200
  std::filesystem::path certificate, key;
  std::string service;  ///< its unit, for what is to be done
  bool judged = true;   ///< clients verify it by name and authority; else by its pin
};
/// Its files (dates, key, names, trust), its port, and what it shows there.
Findings listener(const Listener& one, Instant now);

}  // namespace sp::findings
