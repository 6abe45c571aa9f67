#include "base/http/parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace sp::http {
namespace {

using State = Parsed<Head>::State;

constexpr std::size_t most_fields = 100;
constexpr std::size_t most_line = 256;  // of a chunk's size with its extensions, or a trailer

constexpr std::array<bool, 256> token_table = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~0123456789"
                                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return token_table[static_cast<unsigned char>(c)];
  });
}

// RFC 9110 section 5.5: visible characters, obs-text, and inside of the value space and tab.
bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `each` with the parts of a comma list, empty ones left out.
template <class Each>
void for_each_part(std::string_view list, Each each) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto part = trimmed(list.substr(0, comma)); !part.empty()) each(part);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

Parsed<Head> refuse(Refusal refusal) {
  return {State::refused, {}, 0, refusal};
}

/// The front line of `rest`, without its CRLF, and moves on. nullopt at a line end that is not
/// CRLF.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto line = rest.substr(0, end - 1);
  if (rest[end - 1] != '\r' || line.find('\r') != std::string_view::npos) return std::nullopt;
  rest.remove_prefix(end + 1);
  return line;
}

// RFC 9112 section 3.2.1: origin form only. The characters are checked, their meaning is not.
bool is_target(std::string_view target) {
  return target.starts_with('/') && std::ranges::all_of(target, [](char c) {
           return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
         });
}

std::optional<Refusal> read_request_line(std::string_view line, Head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return Refusal::bad_request;
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || !is_target(target)) return Refusal::bad_request;
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return version.starts_with("HTTP/") ? Refusal::unknown_version : Refusal::bad_request;
  const auto question = std::min(target.find('?'), target.size());
  head.request.method = method;
  head.request.path = target.substr(0, question);
  if (question < target.size()) head.request.query = target.substr(question + 1);
  head.is_1_1 = version == "HTTP/1.1";
  head.keep_alive = head.is_1_1;
  return std::nullopt;
}

bool read_field(std::string_view line, Headers& headers) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() == most_fields) return false;
  const auto value = trimmed(line.substr(colon + 1));
  if (!is_token(line.substr(0, colon)) || !is_field_value(value)) return false;
  headers.emplace_back(line.substr(0, colon), value);
  return true;
}

bool read_length(std::string_view text, std::uint64_t& length) {
  const auto digits =
      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) && !text.empty();
  if (!digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc{} && end == text.data() + text.size();
}

// uri-host [":" port]; what it names is the handler's business.
bool is_host(std::string_view host) {
  return std::ranges::none_of(host, [](char c) {
    return c <= 0x20 || c >= 0x7F ||
           std::string_view{"/\\@?#,\"<>"}.find(c) != std::string_view::npos;
  });
}

/// The fields that decide where the request ends and what becomes of the connection.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int codings = 0;
  std::optional<Refusal> refusal;

  void note(const Header& field, Head& head);
};

void Framing::note(const Header& field, Head& head) {
  const auto& [name, value] = field;
  if (same(name, "host")) {
    ++hosts;
    if (!is_host(value)) refusal = Refusal::bad_request;
  } else if (same(name, "content-length")) {
    ++lengths;
    if (!read_length(value, head.content_length)) refusal = Refusal::bad_request;
  } else if (same(name, "transfer-encoding")) {
    ++codings;
    if (!same(value, "chunked") && !refusal) refusal = Refusal::unknown_coding;
  } else if (same(name, "expect")) {
    head.expects_continue = same(value, "100-continue");
    if (!head.expects_continue && !refusal) refusal = Refusal::unknown_expectation;
  } else if (same(name, "connection")) {
    for_each_part(value, [&](std::string_view option) {
      if (same(option, "close")) head.keep_alive = false;
    });
  }
}

std::optional<Refusal> read_framing(Head& head) {
  Framing framing;
  for (const auto& field : head.request.headers) framing.note(field, head);
  if (framing.hosts > 1 || (head.is_1_1 && framing.hosts == 0)) return Refusal::bad_request;
  if (framing.lengths + framing.codings > 1) return Refusal::bad_request;
  if (framing.codings > 0 && !head.is_1_1) return Refusal::bad_request;
  if (framing.refusal) return framing.refusal;
  head.chunked = framing.codings == 1;
  if (!head.is_1_1) head.expects_continue = false;  // RFC 9110 section 10.1.1: MUST ignore
  return std::nullopt;
}

/// `text` is everything up to and with the empty line.
std::optional<Refusal> read_head(std::string_view text, Head& head) {
  const auto request_line = next_line(text);
  if (!request_line) return Refusal::bad_request;
  if (const auto refusal = read_request_line(*request_line, head)) return refusal;
  head.request.headers.reserve(12);
  for (auto line = next_line(text); !line || !line->empty(); line = next_line(text))
    if (!line || !read_field(*line, head.request.headers)) return Refusal::bad_request;
  return read_framing(head);
}

/// What may still become a line of a chunked body: not too long, and CR only at its end.
bool is_begun_line(std::string_view text) {
  return text.size() <= most_line &&
         text.substr(0, text.size() - 1).find('\r') == std::string_view::npos;
}

/// So that a client that ends its lines with LF is told at once, not at the deadline.
bool has_lone_line_feed(std::string_view input, std::size_t from) {
  for (auto at = input.find('\n', from); at != std::string_view::npos;
       at = input.find('\n', at + 1))
    if (at == 0 || input[at - 1] != '\r') return true;
  return false;
}

}  // namespace

std::optional<std::string_view> find(const Headers& headers, std::string_view name) {
  const auto found =
      std::ranges::find_if(headers, [&](const Header& field) { return same(field.first, name); });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::shared_ptr<const std::string> header_block(const Headers& headers) {
  std::string block;
  for (const auto& [name, value] : headers) {
    ensure(is_token(name) && is_field_value(value));
    block.append(name).append(": ").append(value).append("\r\n");
  }
  return std::make_shared<const std::string>(std::move(block));
}

Parsed<Head> parse_head(std::string_view input, std::size_t most, std::size_t& searched) {
  // RFC 9112 section 2.2 lets a server pass over an empty line before the request line; we do not:
  // no client of ours sends one.
  const auto from = searched > 3 ? searched - 3 : 0;
  const auto end = input.substr(0, most).find("\r\n\r\n", from);
  if (end == std::string_view::npos) {
    if (has_lone_line_feed(input, searched)) return refuse(Refusal::bad_request);
    searched = input.size();
    return input.size() >= most ? refuse(Refusal::head_too_large) : Parsed<Head>{};
  }
  searched = 0;
  Parsed<Head> parsed{State::done, {}, end + 4, {}};
  if (const auto refusal = read_head(input.substr(0, parsed.size), parsed.value))
    return refuse(*refusal);
  return parsed;
}

ChunkedBody::State ChunkedBody::line(std::string_view text, const std::string& body) {
  if (step_ == Step::data_end) {
    step_ = Step::size;
    return text.empty() ? State::more : State::refused;
  }
  if (step_ == Step::trailer) {
    trailer_bytes_ += text.size();
    if (text.empty()) return State::done;
    Headers dropped;
    return trailer_bytes_ <= 4096 && read_field(text, dropped) ? State::more : State::refused;
  }
  const auto digits = text.substr(0, text.find_first_of("; \t"));
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
  const bool good = error == std::errc{} && end == digits.data() + digits.size() &&
                    digits.size() <= 12 && is_field_value(text);
  if (!good) return State::refused;
  if (left_ > most_ - std::min(most_, body.size())) return State::too_large;
  step_ = left_ == 0 ? Step::trailer : Step::data;
  return State::more;
}

std::size_t ChunkedBody::data(std::string_view input, std::string& body) {
  const auto part = input.substr(0, static_cast<std::size_t>(left_));
  body.append(part);
  left_ -= part.size();
  if (left_ == 0) step_ = Step::data_end;
  return part.size();
}

ChunkedBody::State ChunkedBody::feed(std::string_view input, std::size_t& taken,
                                     std::string& body) {
  taken = 0;
  while (taken < input.size()) {
    auto rest = input.substr(taken);
    if (step_ == Step::data) {
      taken += data(rest, body);
      continue;
    }
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return is_begun_line(rest) ? State::more : State::refused;
    const auto text = next_line(rest);
    if (!text || text->size() > most_line) return State::refused;
    taken += end + 1;
    if (const auto state = line(*text, body); state != State::more) return state;
  }
  return State::more;
}

}  // namespace sp::http
