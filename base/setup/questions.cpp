#include "base/setup/questions.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "base/probe/probe.h"

namespace sp::setup {
namespace {

std::string joined(const std::vector<std::string>& choices) {
  std::string out;
  for (const auto& choice : choices) out += (out.empty() ? "" : ", ") + choice;
  return out;
}

Outcome judge(const Question& question, const std::string& answer) {
  const auto& choices = question.choices;
  if (!choices.empty() && std::ranges::find(choices, answer) == choices.end())
    return Error{Code::invalid_input, "must be one of " + joined(choices)};
  return question.check ? question.check(answer) : Outcome{};
}

std::string trimmed(const std::string& line) {
  const auto from = line.find_first_not_of(" \t\r");
  if (from == std::string::npos) return {};
  return line.substr(from, line.find_last_not_of(" \t\r") - from + 1);
}

}  // namespace

Outcome is_url(const std::string& answer) {
  const auto place = probe::place_of(answer);
  if (!place) return place.error();
  return {};
}

Outcome is_listener(const std::string& answer) {
  const auto place = probe::listener_of(answer);
  if (!place) return place.error();
  if (!probe::is_address(place->host))
    return Error{Code::invalid_input,
                 "must be an IP address of this machine and a port; 0.0.0.0 is every address"};
  return {};
}

Result<Questions> Questions::here(bool non_interactive) {
  const bool terminal = ::isatty(STDIN_FILENO) == 1 && !non_interactive;
  if (!terminal && !non_interactive)
    return Error{Code::invalid_input,
                 "there is no terminal to ask on; say --non-interactive and answer by options"};
  return Questions{terminal, std::cin, std::cout};
}

Result<std::string> Questions::ask(const Question& question,
                                   const std::optional<std::string>& given) {
  if (!given && interactive_) return ask_on_terminal(question);
  const auto& answer = given ? *given : question.standing;
  auto judged = judge(question, answer);
  if (!judged) return std::move(judged).error().within(question.option);
  return answer;
}

Result<std::string> Questions::ask_on_terminal(const Question& question) {
  while (true) {
    *out_ << question.text;
    if (!question.choices.empty()) *out_ << " (" << joined(question.choices) << ")";
    if (!question.standing.empty()) *out_ << " [" << question.standing << "]";
    *out_ << ": " << std::flush;
    std::string line;
    if (!std::getline(*in_, line))
      return Error{Code::invalid_input,
                   "the input ended before " + question.option + " was answered"};
    const auto typed = trimmed(line);
    const auto answer = typed.empty() ? question.standing : typed;
    const auto judged = judge(question, answer);
    if (judged) return answer;
    *out_ << "  " << judged.error().detail() << "\n";
  }
}

}  // namespace sp::setup
