#pragma once
#include <filesystem>

#include "base/result/result.h"

namespace sp::backup {

/// A folder of this user alone that goes with everything in it.
class Scratch {
 public:
  static Result<Scratch> in(const std::filesystem::path& parent) {
    auto name = (parent / ".backup-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      return Error{Code::unavailable, "cannot make a folder in " + parent.string()};
    return Scratch{name};
  }
  Scratch(Scratch&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  Scratch& operator=(Scratch&&) = delete;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace sp::backup
