#include "base/setup/which_certificate.h"

#include <fmt/format.h>

#include "base/setup/certificate.h"
#include "base/setup/programs.h"

namespace sp::setup {
namespace {

constexpr auto advise = "advise";

Outcome take_advice(const Questions& questions) {
  if (!questions.interactive())
    return Error{Code::invalid_input,
                 "--certificate: the adviser asks on a terminal; sallyport-certs advise takes its "
                 "answers as options"};
  TRY(run_on_terminal({sibling("sallyport-certs"), "advise"}));
  fmt::print(
      "\n{} and {} are made here and now. One of a public CA comes as {}, or later over ACME.\n",
      self_signed, internal_ca, from_files);
  std::fflush(stdout);
  return {};
}

}  // namespace

Result<std::string> certificate_kind(Questions& questions, const std::filesystem::path& standing,
                                     const std::optional<std::string>& given) {
  std::error_code ignored;
  const Question question{"--certificate",
                          "Certificate",
                          std::filesystem::exists(standing, ignored) ? keep : self_signed,
                          {self_signed, internal_ca, from_files, keep, advise},
                          {}};
  auto answer = TRY(questions.ask(question, given));
  while (answer == advise) {
    TRY(take_advice(questions));
    answer = TRY(questions.ask(question, std::nullopt));
  }
  return answer;
}

}  // namespace sp::setup
