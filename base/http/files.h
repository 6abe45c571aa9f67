#pragma once
// A page that is compiled into the program, and how its files are given out.

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/http/message.h"

namespace sp::http {

/// One file of a page.
struct Asset {
  std::string_view path;   ///< exact, as "/assets/app-1a2b3c4d.js"
  std::string_view type;   ///< the Content-Type
  std::string_view etag;   ///< weak, so that one serves all three encodings
  std::string_view cache;  ///< the Cache-Control
  std::string_view raw;
  std::string_view br;  ///< the same in brotli; empty where it would not be smaller
  std::string_view gz;  ///< the same in gzip; empty where it would not be smaller
};

/// The headers of every answer at an address where strangers open a page, as `header_block` makes
/// them.
std::shared_ptr<const std::string> page_headers(std::string_view content_security_policy);

/// Safe from every thread.
class Files {
 public:
  struct File;

  /// `headers` stand before those of each file. The assets live as long as the program.
  Files(std::span<const Asset> assets, const std::string& headers);

  /// Null where there is none.
  [[nodiscard]] const File* find(std::string_view path) const;
  /// In the best coding that the request takes; 304 where it has the file already.
  [[nodiscard]] static Response answer(const File& file, const Request& request);

 private:
  std::map<std::string, std::shared_ptr<const File>, std::less<>> files_;
};

}  // namespace sp::http
