#pragma once
#include <string>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"

namespace sp::cli {

/// Files from a stranger, written into one folder: under hidden names while they come, under their
/// own at the end, never over a file that is there ("a (1).txt" then). What was not published is
/// deleted.
class Saving {
 public:
  explicit Saving(std::string folder) : folder_(std::move(folder)) {}
  ~Saving();
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;

  /// The next file. `name` is one path component (messages::safe_file_name).
  Outcome add(const std::string& name);
  Outcome write(std::size_t file, BytesView data);
  /// Gives the paths, in the order of `add`.
  Result<std::vector<std::string>> publish();

 private:
  struct Part {
    std::string name, hidden;
    int descriptor = -1;
  };
  std::string folder_;
  std::vector<Part> parts_;
};

}  // namespace sp::cli
