#pragma once
// What a set-up does to the machine: acts as a service's user, runs programs, knows the service
// manager.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::setup {

/// While it lives, root acts as the owner of a folder, so that what is made there is his; nobody
/// else changes anything. One at a time, before there are threads.
class AsOwner {
 public:
  static Result<AsOwner> of(const std::filesystem::path& folder);
  AsOwner(AsOwner&& other) noexcept;
  AsOwner& operator=(AsOwner&&) = delete;
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;
  ~AsOwner();

 private:
  explicit AsOwner(bool changed) : changed_(changed) {}
  bool changed_;
};

/// This machine's own name; "localhost" when it has none.
std::string host_name();

/// The folder of a package is there and belongs to the service's user; another is made as it is
/// asked for, by whoever asks, and is open to nobody else.
Outcome make_folder(const std::filesystem::path& folder);

/// A program of ours beside this one, else as the shell would find it.
std::string sibling(const std::string& name);
/// This very program.
std::string myself();

struct Ran {
  int status = 0;      ///< as a shell would tell it
  std::string output;  ///< both streams, at most 64 KiB
};
/// Runs a program to its end, without input. `unavailable` when it cannot be started.
Result<Ran> run(const std::vector<std::string>& command);
/// Runs one that talks with whoever sits at the terminal. `unavailable` when it did not go well.
Outcome run_on_terminal(const std::vector<std::string>& command);
/// The command, as the folder's owner where root asks; with the right to listen below port 1024.
std::vector<std::string> as_owner_of(const std::filesystem::path& folder,
                                     std::vector<std::string> command);

/// A program that runs until this object goes; then it is told to end and waited for.
class Background {
 public:
  static Result<Background> start(const std::vector<std::string>& command);
  Background(Background&& other) noexcept;
  Background& operator=(Background&&) = delete;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();
  /// Whether it runs still.
  [[nodiscard]] bool running();
  /// What it said so far, on both streams.
  [[nodiscard]] std::string said() const;

 private:
  Background(::pid_t process, int output) : process_(process), output_(output) {}
  ::pid_t process_;
  int output_;
};

/// Whether systemd runs this machine.
bool has_service_manager();

}  // namespace sp::setup
