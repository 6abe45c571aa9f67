#include "core/cli/context.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>

#include "base/bytes/bytes.h"

namespace sp::cli {
namespace {

namespace fs = std::filesystem;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error file_error(const std::string& path) {
  const int number = errno;
  const auto code = number == ENOENT   ? Code::not_found
                    : number == EEXIST ? Code::conflict
                    : number == EACCES ? Code::forbidden
                                       : Code::unavailable;
  return {code, path + ": " + std::generic_category().message(number)};
}

Result<Secret> read_all(int descriptor, const std::string& path, std::size_t most) {
  Secret buffer{4096};
  std::size_t used = 0;
  while (true) {
    const auto count =
        ::read(descriptor, buffer.expose_mutable().data() + used, buffer.size() - used);
    if (count < 0) return file_error(path);
    if (count == 0) return Secret::copy_of(buffer.expose().first(used));
    used += static_cast<std::size_t>(count);
    if (used > most)
      return Error{Code::invalid_input, path + ": longer than " + std::to_string(most) + " bytes"};
    if (used < buffer.size()) continue;
    Secret larger{buffer.size() * 2};
    std::ranges::copy(buffer.expose(), larger.expose_mutable().begin());
    buffer = std::move(larger);
  }
}

Secret without_line_end(Secret text) {
  auto view = text.expose();
  while (!view.empty() && (view.back() == std::byte{'\n'} || view.back() == std::byte{'\r'}))
    view = view.first(view.size() - 1);
  return Secret::copy_of(view);
}

// Turns the terminal's echo off for as long as it lives.
class Quiet {
 public:
  explicit Quiet(int descriptor) : descriptor_(descriptor) {
    active_ = ::tcgetattr(descriptor_, &before_) == 0;
    if (!active_) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(descriptor_, TCSAFLUSH, &quiet);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() {
    if (active_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
  }

 private:
  int descriptor_;
  termios before_{};
  bool active_ = false;
};

Outcome write_whole(int descriptor, const std::string& path, std::span<const std::byte> content) {
  while (!content.empty()) {
    const auto count = ::write(descriptor, content.data(), content.size());
    if (count < 0) return file_error(path);
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Outcome replace_file(const std::string& path, std::span<const std::byte> content) {
  const auto fresh = path + ".new";
  ::unlink(fresh.c_str());
  TRY(write_new_file(fresh, content));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return file_error(path);
  return {};
}

}  // namespace

Result<std::string> config_folder() {
  const char* xdg = std::getenv("XDG_CONFIG_HOME");
  if (xdg != nullptr && *xdg == '/') return std::string{xdg} + "/sallyport";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return Error{Code::invalid_input, "HOME is not set"};
  return std::string{home} + "/.config/sallyport";
}

Outcome load_config(Context& context) {
  const auto folder = config_folder();
  if (!folder) return {};
  context.token_is_given = !context.token_file.empty();
  if (!context.token_is_given) context.token_file = *folder + "/token";
  std::ifstream file{*folder + "/config.json"};
  if (!file) return {};
  const auto config = nlohmann::json::parse(file, nullptr, false);
  const auto text = [&](const char* name) {
    return config.is_object() && config.contains(name) && config[name].is_string()
               ? config[name].get<std::string>()
               : std::string{};
  };
  if (context.server.empty()) context.server = text("server");
  if (context.ca_file.empty()) context.ca_file = text("ca");
  return {};
}

Outcome save_config(const Context& context, const Secret& token) {
  const auto folder = TRY(config_folder());
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return Error{Code::unavailable, folder + ": " + problem.message()};
  ::chmod(folder.c_str(), S_IRWXU);
  const auto ca = context.ca_file.empty() ? "" : fs::absolute(context.ca_file).string();
  const auto config = nlohmann::json{{"server", context.server}, {"ca", ca}}.dump(1) + "\n";
  TRY(replace_file(folder + "/config.json", bytes::of(config)));
  return replace_file(folder + "/token", token.expose());
}

Result<Secret> read_token(const Context& context) {
  auto token = read_secret_file(context.token_file, 4096);
  if (!token && token.error().code() == Code::not_found)
    return Error{Code::unauthenticated, "not signed in: run `sallyport --server URL login`"};
  return token;
}

Result<Secret> read_secret_file(const std::string& path, std::size_t most) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.get() < 0) return file_error(path);
  return without_line_end(TRY(read_all(file.get(), path, most + 2)));
}

Result<Secret> read_stdin(std::size_t most) {
  return read_all(STDIN_FILENO, "standard input", most);
}

Result<Secret> ask(std::string_view question, bool hidden) {
  const File terminal{::open("/dev/tty", O_RDWR | O_CLOEXEC)};
  if (terminal.get() < 0)
    return Error{Code::invalid_input, std::string{question} + ": there is no terminal to ask at"};
  const auto prompt = std::string{question} + ": ";
  TRY(write_whole(terminal.get(), "/dev/tty", bytes::of(prompt)));

  Secret line{1024};
  std::size_t used = 0;
  {
    std::optional<Quiet> quiet;
    if (hidden) quiet.emplace(terminal.get());
    while (used < line.size()) {
      const auto at = line.expose_mutable().data() + used;
      if (::read(terminal.get(), at, 1) != 1 || *at == std::byte{'\n'}) break;
      ++used;
    }
  }
  if (hidden) TRY(write_whole(terminal.get(), "/dev/tty", bytes::of("\n")));
  return Secret::copy_of(line.expose().first(used));
}

Outcome write_new_file(const std::string& path, std::span<const std::byte> content) {
  const File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         S_IRUSR | S_IWUSR)};
  if (file.get() < 0) return file_error(path);
  return write_whole(file.get(), path, content);
}

void say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
}
void complain(std::string_view text) {
  std::fprintf(stderr, "sallyport: error: %.*s\n", static_cast<int>(text.size()), text.data());
}
void hint(std::string_view text) {
  std::fprintf(stderr, "sallyport: hint: %.*s\n", static_cast<int>(text.size()), text.data());
}
void fail(Context& context, const Error& error) {
  complain(error.detail());
  context.exit = exit_code(error.code());
}

}  // namespace sp::cli
