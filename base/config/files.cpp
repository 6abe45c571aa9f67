#include "base/config/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace sp::config {
namespace {

namespace fs = std::filesystem;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Code code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Code::not_found;
    case EACCES:
    case EPERM:
      return Code::forbidden;
    default:
      return Code::unavailable;
  }
}

std::string advice(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "; check the path, or make the file";
    case EACCES:
    case EPERM:
      return "; run as the user it belongs to, or correct its owner and mode";
    case EROFS:
      return "; the file system is mounted read-only";
    case ENOSPC:
    case EDQUOT:
      return "; make room on this disk";
    default:
      return "";
  }
}

Error failure(const std::string& step, const fs::path& path) {
  const int error = errno;
  return Error{code_of(error), "cannot " + step + " " + path.string() + ": " +
                                   std::generic_category().message(error) + advice(error)};
}

Result<std::size_t> checked_size(const Fd& fd, const fs::path& path, std::size_t most,
                                 struct stat& state) {
  if (fd.get() < 0) return failure("read", path);
  if (::fstat(fd.get(), &state) != 0) return failure("read", path);
  if (!S_ISREG(state.st_mode)) return Error{Code::invalid_input, path.string() + " is not a file"};
  const auto size = static_cast<std::size_t>(state.st_size);
  if (size > most)
    return Error{Code::invalid_input, path.string() + " has " + std::to_string(size) +
                                          " bytes, at most " + std::to_string(most) +
                                          " make sense here; is it the right file?"};
  return size;
}

Outcome fill(const Fd& fd, const fs::path& path, std::span<std::byte> out) {
  while (!out.empty()) {
    const auto count = ::read(fd.get(), out.data(), out.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("read", path);
    if (count == 0) return Error{Code::conflict, path.string() + " became shorter while read"};
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Outcome check_private(const struct stat& state, const fs::path& path) {
  if ((state.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return Error{Code::forbidden,
                 path.string() + " holds a secret and is open to other users; run: chmod 600 " +
                     path.string()};
  const auto me = ::geteuid();
  if (me != 0 && state.st_uid != me && state.st_uid != 0)
    return Error{Code::forbidden, path.string() +
                                      " holds a secret and belongs to another user; run as root: "
                                      "chown " +
                                      std::to_string(me) + " " + path.string()};
  return {};
}

Outcome put(const Fd& fd, const fs::path& path, BytesView content) {
  while (!content.empty()) {
    const auto count = ::write(fd.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("write", path);
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Outcome fill_new_file(const Fd& fd, const fs::path& path, BytesView content, ::mode_t mode) {
  if (::fchmod(fd.get(), mode) != 0) return failure("set the mode of", path);
  TRY(put(fd, path, content));
  if (::fsync(fd.get()) != 0) return failure("write", path);
  return {};
}

Outcome sync_folder(const fs::path& folder) {
  const Fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) return failure("sync", folder);
  return {};
}

}  // namespace

Result<Bytes> read_file(const fs::path& path, std::size_t most) {
  const Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat state {};
  Bytes content(TRY(checked_size(fd, path, most, state)));
  TRY(fill(fd, path, content));
  return content;
}

Result<Secret> read_secret_file(const fs::path& path, std::size_t most) {
  const Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat state {};
  Secret content{TRY(checked_size(fd, path, most, state))};
  TRY(check_private(state, path));
  TRY(fill(fd, path, content.expose_mutable()));
  return content;
}

Outcome write_file(const fs::path& path, BytesView content, ::mode_t mode) {
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  std::string name = path.string() + ".XXXXXX";
  const Fd fd{::mkostemp(name.data(), O_CLOEXEC)};
  if (fd.get() < 0) return failure("make a file beside", path);
  auto written = fill_new_file(fd, path, content, mode);
  if (written && ::rename(name.c_str(), path.c_str()) != 0) written = failure("replace", path);
  if (!written) {
    ::unlink(name.c_str());
    return written;
  }
  return sync_folder(folder);
}

}  // namespace sp::config
