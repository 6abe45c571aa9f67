#pragma once
// What a set-up asks: on the terminal, or answered by options alone.

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/result/result.h"

namespace sp::setup {

struct Question {
  std::string option;                ///< "--url": how it is answered without a terminal
  std::string text;                  ///< "Address of the site, as users type it"
  std::string standing;              ///< taken when nothing is answered; empty: there is none
  std::vector<std::string> choices;  ///< the only answers; empty: any
  std::function<Outcome(const std::string&)> check;
};

/// Checks of answers: an https address; an IP address of this machine and a port.
Outcome is_url(const std::string& answer);
Outcome is_listener(const std::string& answer);

/// An answer given as an option is taken without asking. Else, on a terminal, it asks until the
/// answer is good; without one the standing answer counts.
class Questions {
 public:
  Questions(bool interactive, std::istream& in, std::ostream& out)
      : interactive_(interactive), in_(&in), out_(&out) {}
  /// On the terminal of this process, unless options answer all. `invalid_input` without either.
  static Result<Questions> here(bool non_interactive);

  /// `invalid_input` with a sentence that names the option.
  Result<std::string> ask(const Question& question, const std::optional<std::string>& given);
  [[nodiscard]] bool interactive() const { return interactive_; }

 private:
  Result<std::string> ask_on_terminal(const Question& question);
  bool interactive_;
  std::istream* in_;
  std::ostream* out_;
};

}  // namespace sp::setup
