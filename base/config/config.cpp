// toml++ 3.3 asserts (or, with NDEBUG, assumes) at "[=" and the like what the next lines of it then
// check. Its asserts are taken out, so that the check speaks.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include "base/config/config.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/config/files.h"

namespace sp::config {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string_view>& words) {
  std::string all;
  for (const auto word : words) all += (all.empty() ? "\"" : ", \"") + std::string{word} + "\"";
  return all;
}

/// The names of all keys below `table`, each with the node it has; of a table without keys its own.
void collect(const toml::table& table, const std::string& prefix,
             std::vector<std::pair<std::string, const toml::node*>>& found) {
  for (const auto& [key, node] : table) {
    const auto name = prefix + std::string{key.str()};
    const auto* inner = node.as_table();
    if (inner != nullptr && !inner->empty())
      collect(*inner, name + ".", found);
    else
      found.emplace_back(name, &node);
  }
}

/// Which part of a line a character stands in. Texts end with their line here.
class Place {
 public:
  void pass(char c) {
    if (c == '\n') {
      *this = {};
    } else if (escaped_) {
      escaped_ = false;
    } else if (quote_ == '"' && c == '\\') {
      escaped_ = true;
    } else if (quote_ == 0 && (c == '"' || c == '\'' || c == '#')) {
      quote_ = c;
    } else if (quote_ == c && c != '#') {
      quote_ = 0;
    }
  }
  [[nodiscard]] bool is_text() const { return quote_ == '"' && !escaped_; }
  [[nodiscard]] bool is_comment() const { return quote_ == '#'; }

 private:
  char quote_ = 0;  // '#' in a comment
  bool escaped_ = false;
};

std::string escape_of(std::uint32_t code) {
  std::string escape = "\\U00000000";
  for (auto digit = escape.rbegin(); code != 0; ++digit, code >>= 4)
    *digit = "0123456789ABCDEF"[code & 0xFU];
  return escape;
}

/// The code point at the front of well-formed UTF-8, taken off it.
std::uint32_t take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1U : first < 0xE0 ? 2U : first < 0xF0 ? 3U : 4U;
  std::uint32_t code = size == 1 ? first : first & (0xFFU >> (size + 1));
  for (const char c : text.substr(1, size - 1))
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  text.remove_prefix(size);
  return code;
}

/// The same settings in ASCII alone: toml++ 3.3 runs into undefined behaviour at other characters
/// where TOML forbids them. Refuses what no settings file of ours needs.
Result<std::string> in_ascii(std::string_view text, const fs::path& path) {
  if (!bytes::is_utf8(text))
    return Error{Code::invalid_input, path.string() + ": not UTF-8; save it in that encoding"};
  int line = 1;
  Place place;
  const auto refuse = [&](std::string_view why) {
    return Error{Code::invalid_input,
                 path.string() + ":" + std::to_string(line) + ": " + std::string{why}};
  };
  std::string ascii;
  while (!text.empty()) {
    const auto code = take_code_point(text);
    const bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
    if (control || code == 0x7F) return refuse("a control character; is this a text file?");
    if (code >= 0x80 && !place.is_text() && !place.is_comment())
      return refuse("a character beyond ASCII; put it in double quotes, on one line");
    if (code >= 0x80 && place.is_text()) ascii += escape_of(code);
    if (code >= 0x80) continue;
    if (code == '\n') ++line;
    place.pass(static_cast<char>(code));
    ascii += static_cast<char>(code);
  }
  return ascii;
}

}  // namespace

struct File::Parts {
  fs::path path;
  toml::table table;
  std::set<std::string, std::less<>> known;
  std::optional<Error> wrong;

  const toml::node* node(std::string_view name) {
    known.emplace(name);
    return table.at_path(name).node();
  }
  std::string place(const toml::node* node) const {
    if (node == nullptr) return path.string();
    return path.string() + ":" + std::to_string(node->source().begin.line);
  }
  /// Whether somebody asked for it, or for a key in it.
  [[nodiscard]] bool is_known(const std::string& name, const toml::node& node) const {
    if (!node.is_table()) return known.contains(name);
    const auto inside = known.lower_bound(name + ".");
    return inside != known.end() && inside->starts_with(name + ".");
  }
  void refuse(const toml::node* node, std::string_view name, std::string_view sentence) {
    if (wrong) return;
    wrong = Error{Code::invalid_input,
                  place(node) + ": " + std::string{name} + " " + std::string{sentence}};
  }
  /// The value, or nullopt when there is none or it is of another type, which is noted.
  template <class T>
  std::optional<T> value(std::string_view name, std::string_view wanted) {
    const auto* found = node(name);
    if (found == nullptr) return std::nullopt;
    auto value = found->value_exact<T>();
    if (!value) refuse(found, name, wanted);
    return value;
  }
  fs::path absolute(const fs::path& relative) const {
    return (fs::absolute(path).parent_path() / relative).lexically_normal();
  }
};

File::File(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
File::File(File&& other) noexcept = default;
File& File::operator=(File&& other) noexcept = default;
File::~File() = default;

Result<File> File::open(const fs::path& path) {
  const auto content = TRY(read_file(path).within("configuration"));
  return parse(bytes::text(content), path);
}

Result<File> File::parse(std::string_view text, const fs::path& path) {
  const auto ascii = TRY(in_ascii(text, path));
  auto parsed = toml::parse(ascii);
  if (!parsed) {
    const auto& error = parsed.error();
    return Error{Code::invalid_input, path.string() + ":" +
                                          std::to_string(error.source().begin.line) +
                                          ": not TOML: " + std::string{error.description()}};
  }
  auto parts = std::make_unique<Parts>();
  parts->path = path;
  parts->table = std::move(parsed).table();
  return File{std::move(parts)};
}

std::string File::text(std::string_view name, std::string_view otherwise) {
  return parts_->value<std::string>(name, "must be text in quotes")
      .value_or(std::string{otherwise});
}

std::string File::required_text(std::string_view name) {
  auto value = text(name, "");
  if (value.empty())
    parts_->refuse(parts_->node(name), name, "is missing; set it to text in quotes");
  return value;
}

std::string File::choice(std::string_view name, const std::vector<std::string_view>& allowed,
                         std::string_view otherwise) {
  auto value = text(name, otherwise);
  if (std::ranges::find(allowed, value) != allowed.end()) return value;
  refuse(name, "must be one of " + joined(allowed));
  return std::string{otherwise};
}

bool File::flag(std::string_view name, bool otherwise) {
  return parts_->value<bool>(name, "must be true or false, without quotes").value_or(otherwise);
}

std::int64_t File::number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                          std::int64_t most) {
  const auto value = parts_->value<std::int64_t>(name, "must be a whole number, without quotes")
                         .value_or(otherwise);
  if (value >= least && value <= most) return value;
  refuse(name, "must be from " + std::to_string(least) + " to " + std::to_string(most));
  return otherwise;
}

Duration File::duration(std::string_view name, Duration otherwise, Duration least, Duration most) {
  const auto written = text(name, "");
  if (written.empty()) {
    if (has(name)) refuse(name, "must be a time such as \"30s\", \"5m\", \"3h\" or \"2d\"");
    return otherwise;
  }
  const auto value = parse_duration(written);
  if (value && *value >= least && *value <= most) return *value;
  refuse(name, "must be a time from \"" + to_text(least) + "\" to \"" + to_text(most) +
                   "\", such as \"" + to_text(otherwise) + "\"");
  return otherwise;
}

fs::path File::path(std::string_view name, const fs::path& otherwise) {
  const auto written = text(name, "");
  if (written.empty() && otherwise.empty()) return {};
  return parts_->absolute(written.empty() ? otherwise : fs::path{written});
}

fs::path File::required_path(std::string_view name) {
  const auto written = required_text(name);
  return written.empty() ? fs::path{} : parts_->absolute(written);
}

std::vector<std::string> File::texts(std::string_view name) {
  std::vector<std::string> all;
  const auto* found = parts_->node(name);
  if (found == nullptr) return all;
  const auto* list = found->as_array();
  if (list == nullptr || !std::ranges::all_of(*list, [](auto& one) { return one.is_string(); })) {
    parts_->refuse(found, name, "must be a list of texts, such as [\"a\", \"b\"]");
    return all;
  }
  for (const auto& one : *list) all.push_back(*one.value_exact<std::string>());
  return all;
}

bool File::has(std::string_view name) const {
  return parts_->table.at_path(name).node() != nullptr;
}

void File::refuse(std::string_view name, std::string_view sentence) {
  parts_->refuse(parts_->node(name), name, sentence);
}

Outcome File::finish() {
  if (parts_->wrong) return *parts_->wrong;
  std::vector<std::pair<std::string, const toml::node*>> all;
  collect(parts_->table, "", all);
  for (const auto& [name, node] : all) {
    if (parts_->is_known(name, *node)) continue;
    parts_->refuse(node, name, "is not a setting of this program; correct its name or remove it");
    return *parts_->wrong;
  }
  return {};
}

}  // namespace sp::config
