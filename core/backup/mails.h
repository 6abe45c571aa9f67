#pragma once
// `sallyport-core mails`: what a restore set aside (core/mail/set_aside.h).

#include <filesystem>
#include <functional>
#include <string>

namespace sp::commandline {
class App;
}

namespace sp::backup {

struct MailsOptions {
  std::filesystem::path config;
  std::string id;  ///< one mail; empty: all, when `all` is set too
  bool all = false;
};
/// Prints them, one a line. Each of these gives the exit code, and works while the core runs.
int list_mails(const MailsOptions& options);
/// Lets them go out.
int release_mails(const MailsOptions& options);
/// Erases them; the timeline of their messages and the audit trail say so.
int drop_mails(const MailsOptions& options);

/// Adds `mails`, `mails release` and `mails drop`; `done` gets the exit code.
void add_mails(commandline::App& app, std::function<void(int)> done);

}  // namespace sp::backup
