#include "core/cli/save.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/random/random.h"

namespace sp::cli {
namespace {

namespace fs = std::filesystem;
constexpr int most_tries = 1000;

Error failed(const std::string& path) {
  return {Code::unavailable, path + ": " + std::generic_category().message(errno)};
}

std::string numbered(const std::string& name, int number) {
  if (number == 0) return name;
  const fs::path path{name};
  return path.stem().string() + " (" + std::to_string(number) + ")" + path.extension().string();
}

// link(2) fails when the new name is there, so nothing is ever overwritten, whoever else writes.
Result<std::string> publish_as(const std::string& hidden, const std::string& folder,
                               const std::string& name) {
  for (int number = 0; number < most_tries; ++number) {
    auto path = folder + "/" + numbered(name, number);
    if (::link(hidden.c_str(), path.c_str()) == 0) return path;
    if (errno != EEXIST) return failed(path);
  }
  return Error{Code::conflict, folder + "/" + name + ": too many files of this name"};
}

}  // namespace

Saving::~Saving() {
  for (const auto& part : parts_) {
    if (part.descriptor >= 0) ::close(part.descriptor);
    ::unlink(part.hidden.c_str());
  }
}

Outcome Saving::add(const std::string& name) {
  if (parts_.empty()) {
    std::error_code problem;
    fs::create_directories(folder_, problem);
    if (problem) return Error{Code::unavailable, folder_ + ": " + problem.message()};
  }
  OsRandom random;
  Part part{name, folder_ + "/.sallyport-" + bytes::hex(random.bytes<8>()), -1};
  part.descriptor = ::open(part.hidden.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (part.descriptor < 0) return failed(part.hidden);
  parts_.push_back(std::move(part));
  return {};
}

Outcome Saving::write(std::size_t file, BytesView data) {
  auto& part = parts_.at(file);
  while (!data.empty()) {
    const auto count = ::write(part.descriptor, data.data(), data.size());
    if (count < 0) return failed(part.hidden);
    data = data.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::vector<std::string>> Saving::publish() {
  std::vector<std::string> paths;
  for (const auto& part : parts_) {
    if (::fsync(part.descriptor) != 0) return failed(part.hidden);
    paths.push_back(TRY(publish_as(part.hidden, folder_, part.name)));
  }
  return paths;
}

}  // namespace sp::cli
