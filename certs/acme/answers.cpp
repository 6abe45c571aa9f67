#include "certs/acme/answers.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sp::acme {
namespace {

struct Meaning {
  std::string_view type;
  Code code;
};
// RFC 8555 section 6.7, RFC 9773 section 7.4 and the profiles draft. What is absent: the CA refuses
// for now, and the exit code says failure.
constexpr std::array meanings{
    Meaning{"accountDoesNotExist", Code::forbidden},
    Meaning{"alreadyReplaced", Code::conflict},
    Meaning{"badContact", Code::invalid_input},
    Meaning{"badCSR", Code::invalid_input},
    Meaning{"caa", Code::forbidden},
    Meaning{"externalAccountRequired", Code::forbidden},
    Meaning{"invalidContact", Code::invalid_input},
    Meaning{"invalidProfile", Code::invalid_input},
    Meaning{"rateLimited", Code::too_many},
    Meaning{"rejectedIdentifier", Code::forbidden},
    Meaning{"unauthorized", Code::forbidden},
    Meaning{"unsupportedContact", Code::invalid_input},
    Meaning{"unsupportedIdentifier", Code::forbidden},
    Meaning{"userActionRequired", Code::forbidden},
};

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "+02:00", "-00:30" or "Z".
Result<Duration> offset(std::string_view text) {
  if (text == "Z" || text == "z") return Duration{0};
  int hours = 0;
  int minutes = 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
      !is_digits(text.substr(1, 2)) || !is_digits(text.substr(4)))
    return Error{Code::invalid_input, "a time without an offset"};
  std::from_chars(text.data() + 1, text.data() + 3, hours);
  std::from_chars(text.data() + 4, text.data() + 6, minutes);
  if (hours > 23 || minutes > 59) return Error{Code::invalid_input, "an impossible offset"};
  const Duration size = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return text[0] == '+' ? size : -size;
}

}  // namespace

std::string plain(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text.substr(0, most)) out += c >= ' ' && c < '\x7f' ? c : '?';
  if (text.size() > most) out += "...";
  return out;
}

Error error_of(const Problem& problem, std::string_view step) {
  const auto it = std::ranges::find(meanings, problem.type, &Meaning::type);
  std::string said = std::string{step} + ": the CA says \"" + problem.words + "\"";
  if (!problem.type.empty()) said += " (" + problem.type + ")";
  return {it == meanings.end() ? Code::unavailable : it->code, std::move(said)};
}

Result<Instant> parse_time(std::string_view text) {
  constexpr std::size_t to_the_second = 19;  // 2026-11-24T17:30:00
  if (text.size() <= to_the_second || text.size() > 64)
    return Error{Code::invalid_input, "a time is 2026-11-24T17:30:00Z"};
  auto rest = text.substr(to_the_second);
  if (rest.front() == '.') {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end == 1) return Error{Code::invalid_input, "a time with an empty fraction"};
    rest.remove_prefix(end);
  }
  const auto behind = TRY(offset(rest));
  const auto local = TRY(parse_rfc3339(std::string{text.substr(0, to_the_second)} + "Z"));
  return local - behind;
}

}  // namespace sp::acme
