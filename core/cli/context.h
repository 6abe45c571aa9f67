#pragma once
// What every command of `sallyport` shares: where the core is, who we are, and how we speak.

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::cli {

/// Stands in the options before the command; what is empty comes from the configuration that
/// `sallyport login` wrote.
struct Context {
  std::string server;  ///< https://host:port
  std::string token_file;
  bool token_is_given = false;  ///< `token_file` is not the one that `login` wrote
  std::string ca_file;  ///< empty: the system's authorities
  bool json = false;
  int exit = 0;  ///< of the command that ran
};

/// Where `login` keeps things: $XDG_CONFIG_HOME/sallyport or ~/.config/sallyport.
Result<std::string> config_folder();
/// Fills in what the command line left open.
Outcome load_config(Context& context);
/// Remembers server and CA, and the token, mode 0600.
Outcome save_config(const Context& context, const Secret& token);
Result<Secret> read_token(const Context& context);

/// A file's content, at most `most` bytes, without line ends at its end.
Result<Secret> read_secret_file(const std::string& path, std::size_t most);
/// All of standard input.
Result<Secret> read_stdin(std::size_t most);
/// Asks at the terminal, without echo when `hidden`. `invalid_input` when there is no terminal.
Result<Secret> ask(std::string_view question, bool hidden);
/// Writes a new file that only the owner may read. `conflict` when it is there.
Outcome write_new_file(const std::string& path, std::span<const std::byte> content);

/// To standard output: data.
void say(std::string_view text);
/// To standard error: `sallyport: error: ...`, `sallyport: hint: ...`.
void complain(std::string_view text);
void hint(std::string_view text);
/// Complains and sets the exit status by the error's code.
void fail(Context& context, const Error& error);

}  // namespace sp::cli
