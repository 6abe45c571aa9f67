#include "pushpull/setup/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/setup/settings_text.h"

namespace sp::pushpull {
namespace {

constexpr auto blanks = " \t";

// The parts between commas, without blanks around them.
Texts parts_of(const std::string& text) {
  Texts out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto part = text.substr(at, comma - at);
    const auto from = part.find_first_not_of(blanks);
    out.push_back(from == std::string::npos
                      ? std::string{}
                      : part.substr(from, part.find_last_not_of(blanks) - from + 1));
    at = comma + 1;
  }
  return out;
}

std::string commented(const std::string& program) {
  return "# Made by " + program + " setup; see " + program + "(1). Yours to change.\n";
}

}  // namespace

std::string answer_of(const Texts& texts, const OwnList& list) {
  return texts.empty() ? list.none : fmt::format("{}", fmt::join(texts, ", "));
}

Result<Texts> texts_of(const std::string& answer, const OwnList& list) {
  if (!list.none.empty() && answer == list.none) return Texts{};
  Texts out;
  for (const auto& part : parts_of(answer)) {
    auto usual = list.usual(part);
    if (!usual)
      return Error{Code::invalid_input, "must be " + list.rule + ", with commas between them" +
                                            (list.none.empty() ? "" : ", or " + list.none)};
    out.push_back(*std::move(usual));
  }
  return out;
}

std::string configuration(const std::string& text, const Standing& before, const Standing& after,
                          const std::vector<OwnList>& own, const std::string& program) {
  const bool is_new = text.empty();
  auto out = is_new ? commented(program) : text;
  const auto set = [&](const char* table, const char* key, const std::string& old,
                       const std::string& value) {
    if (is_new || value != old) out = setup::with_setting(out, table, key, value);
  };
  set("public", "url", before.url, after.url);
  set("public", "listen", before.listen, after.listen);
  set("public", "certificate", before.certificate, after.certificate);
  set("public", "key", before.key, after.key);
  set("intake", "listen", before.intake, after.intake);
  set("intake", "certificate", before.intake_certificate, after.intake_certificate);
  set("intake", "key", before.intake_key, after.intake_key);
  set("data", "directory", before.data, after.data);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (is_new || before.own.at(i) != after.own.at(i))
      out = setup::with_list(out, own.at(i).table, own.at(i).key, after.own.at(i));
  return out;
}

std::string firewall_words(const Standing& values, const std::string& from,
                           const std::string& users, const std::string& outward) {
  auto out = fmt::format(
      "A firewall must allow\n"
      "  {:<19} -> {} (TCP): {}\n"
      "  the core's address  -> {} (TCP): the core alone\n",
      from, values.listen, users, values.intake);
  if (!values.plain_http.empty())
    out += fmt::format("  everybody           -> {} (TCP): certificate authorities\n",
                       values.plain_http);
  return out + outward;
}

}  // namespace sp::pushpull
