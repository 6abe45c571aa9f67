#include "base/commandline/app.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <sstream>

namespace sp::commandline {
namespace {

std::optional<Ended> ended(const CLI::App& app, const std::function<void()>& parse) {
  try {
    parse();
    return {};
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    const int code = app.exit(error, text, text);
    return Ended{code, text.str(), error.what()};
  }
}

}  // namespace

Option* Option::required(bool so) {
  it_.required(so);
  return this;
}

Option* Option::capture_default_str() {
  it_.capture_default_str();
  return this;
}

Option* Option::one_of(std::initializer_list<const char*> words) {
  it_.check(CLI::IsMember(std::vector<std::string>{words.begin(), words.end()}));
  return this;
}

Option* Option::within(int least, int most) {
  it_.check(CLI::Range(least, most));
  return this;
}

Option* Option::excludes(Option* other) {
  it_.excludes(&other->it_);
  return this;
}

Option* Option::one_at_a_time() {
  it_.allow_extra_args(false);
  return this;
}

Option* Option::delimiter(char by) {
  it_.delimiter(by);
  return this;
}

std::size_t Option::count() const {
  return it_.count();
}

int Ended::print() const {
  std::fputs(text.c_str(), code == 0 ? stdout : stderr);
  return code;
}

App::App(const std::string& description, const std::string& name)
    : own_{std::make_unique<CLI::App>(description, name)}, it_{*own_} {}

App::App(CLI::App& of) : it_{of} {}

App::~App() = default;

App* App::add_subcommand(const std::string& name, const std::string& description) {
  return &subcommands_.emplace_back(*it_.add_subcommand(name, description));
}

template <class T>
Option* App::add_option(const std::string& name, T& to, const std::string& description) {
  return &options_.emplace_back(*it_.add_option(name, to, description));
}

using Text = const std::string&;
using Path = std::filesystem::path;
template Option* App::add_option(Text, std::string&, Text);
template Option* App::add_option(Text, Path&, Text);
template Option* App::add_option(Text, int&, Text);
template Option* App::add_option(Text, unsigned&, Text);
template Option* App::add_option(Text, std::int64_t&, Text);
template Option* App::add_option(Text, double&, Text);
template Option* App::add_option(Text, std::optional<std::string>&, Text);
template Option* App::add_option(Text, std::optional<int>&, Text);
template Option* App::add_option(Text, std::optional<std::size_t>&, Text);
template Option* App::add_option(Text, std::vector<std::string>&, Text);
template Option* App::add_option(Text, std::vector<Path>&, Text);

Option* App::add_flag(const std::string& name, bool& to, const std::string& description) {
  return &options_.emplace_back(*it_.add_flag(name, to, description));
}

void App::set_version_flag(const std::string& name, const std::string& version) {
  it_.set_version_flag(name, version);
}

App* App::callback(std::function<void()> run) {
  it_.callback(std::move(run));
  return this;
}

App* App::parse_complete_callback(std::function<void()> run) {
  it_.parse_complete_callback(std::move(run));
  return this;
}

App* App::require_subcommand(std::size_t least, std::size_t most) {
  it_.require_subcommand(least, most);
  return this;
}

App* App::fallthrough() {
  it_.fallthrough();
  return this;
}

App* App::hide() {
  it_.group("");
  return this;
}

std::optional<Ended> App::parse(int count, const char* const* arguments) {
  return ended(it_, [&] { it_.parse(count, arguments); });
}

std::optional<Ended> App::parse(std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);  // as CLI11 wants them
  return ended(it_, [&] { it_.parse(std::move(arguments)); });
}

bool App::got_subcommand() const {
  return !it_.get_subcommands().empty();
}

std::size_t App::count() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      it_.get_options(), [](const CLI::Option* option) { return option->count() > 0; }));
}

std::string App::name() const {
  return it_.get_name();
}

std::string App::description() const {
  return it_.get_description();
}

std::vector<Shown> App::options() const {
  std::vector<Shown> out;
  for (const auto* option : it_.get_options())
    out.push_back({option->get_name(option->get_positional()), option->get_lnames(),
                   option->get_description()});
  return out;
}

}  // namespace sp::commandline
