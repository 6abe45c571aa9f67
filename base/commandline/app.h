#pragma once
// A program's commands and options. CLI11 stands behind this header and is seen by app.cpp alone:
// it costs every file that includes it 8 to 12 seconds (docs/decisions/0023).
//
// The words of complaints and helps are CLI11's. Pointers stay good as long as the program's App.

#include <functional>
#include <initializer_list>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sp::commandline {

/// An option, flag or positional argument of a command.
class Option {
 public:
  explicit Option(CLI::Option& of) : it_{of} {}

  Option* required(bool so = true);
  /// Its help shows what the destination holds now.
  Option* capture_default_str();
  Option* one_of(std::initializer_list<const char*> words);
  Option* within(int least, int most);
  /// Both are not given in one call.
  Option* excludes(Option* other);
  /// One value each time it is given; without this a list takes all that follow.
  Option* one_at_a_time();
  /// Parts a value into several.
  Option* delimiter(char by);

  /// How often it was given.
  [[nodiscard]] std::size_t count() const;

 private:
  CLI::Option& it_;
};

/// How an option is shown; also --help, which no program adds.
struct Shown {
  std::string name;  ///< "--to,-t", or a positional's
  std::vector<std::string> long_names;
  std::string description;
};

/// Why no command ran.
struct Ended {
  int code;               ///< 0: somebody asked for help or the version; else what CLI11 exits with
  std::string text;       ///< what to print, with ends of lines
  std::string complaint;  ///< the same without the hint at --help, when the arguments were wrong

  /// Prints `text` where it belongs, and gives `code`.
  [[nodiscard]] int print() const;
};

/// A program, or one of its commands.
class App {
 public:
  /// Without a name, it is called what the arguments call it.
  explicit App(const std::string& description, const std::string& name = "");
  explicit App(CLI::App& of);
  App(const App&) = delete;
  App& operator=(const App&) = delete;
  ~App();

  App* add_subcommand(const std::string& name, const std::string& description);
  /// The destination outlives the parsing. T: a string, a path, a number, an optional or a vector
  /// of these: app.cpp lists which.
  template <class T>
  Option* add_option(const std::string& name, T& to, const std::string& description);
  Option* add_flag(const std::string& name, bool& to, const std::string& description);
  void set_version_flag(const std::string& name, const std::string& version);

  /// Runs when the command was named and its arguments are good; its subcommand's runs first.
  App* callback(std::function<void()> run);
  /// Runs before every callback.
  App* parse_complete_callback(std::function<void()> run);
  App* require_subcommand(std::size_t count) { return require_subcommand(count, count); }
  App* require_subcommand(std::size_t least, std::size_t most);
  /// The options of this App are also taken after a subcommand.
  App* fallthrough();
  /// Its help does not tell of this command.
  App* hide();

  /// Runs what the arguments ask for, or says why it did not. The first is the program's name.
  [[nodiscard]] std::optional<Ended> parse(int count, const char* const* arguments);
  /// The same without the program's name.
  [[nodiscard]] std::optional<Ended> parse(std::vector<std::string> arguments);

  /// Whether the arguments named one.
  [[nodiscard]] bool got_subcommand() const;
  /// How many of this command's options were given.
  [[nodiscard]] std::size_t count() const;

  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] const std::list<App>& subcommands() const { return subcommands_; }
  [[nodiscard]] std::vector<Shown> options() const;

 private:
  std::unique_ptr<CLI::App> own_;  // of the program; a command belongs to its parent
  CLI::App& it_;
  std::list<App> subcommands_;
  std::list<Option> options_;
};

}  // namespace sp::commandline
