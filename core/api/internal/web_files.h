#pragma once
// The web site's files: exactly those that assets.json names, found by their whole path. No path of
// a request is ever joined to a folder.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "core/api/router.h"

namespace sp::api {

class WebFiles {
 public:
  /// Reads assets.json and every file that it names into memory, and checks their sizes.
  static Result<WebFiles> load(const std::filesystem::path& root);

  struct Asked {
    std::string_view path;  ///< "/assets/app.js"
    std::string_view accept, accept_encoding, if_none_match;
  };
  /// index.html for a path that is not known and a client that reads HTML; nothing where a file is
  /// missing.
  [[nodiscard]] std::optional<Response> find(const Asked& asked) const;

 private:
  struct File {
    std::string type, etag, cache;
    std::string plain, brotli, gzip;  ///< empty: not there
  };
  [[nodiscard]] Response answer(const File& file, const Asked& asked) const;
  std::map<std::string, File, std::less<>> files_;
  std::string policy_;
};

}  // namespace sp::api
