#include "core/mail/template.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/bytes/bytes.h"

namespace sp::mail {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

const Secret* find(const Variables& variables, std::string_view name) {
  const auto found = std::ranges::find_if(
      variables, [&](const auto& entry) { return same_name(entry.first, name); });
  return found == variables.end() ? nullptr : &found->second;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// Pieces of the answer: joined into one Secret at the end, so no copy is left behind.
class Pieces {
 public:
  void add(std::string_view text) { pieces_.push_back(Secret::copy_of(bytes::of(text))); }
  void add_escaped(std::string_view text) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto replacement = entity(text[i]);
      if (replacement.empty()) continue;
      add(text.substr(start, i - start));
      add(replacement);
      start = i + 1;
    }
    add(text.substr(start));
  }
  Secret join() const {
    std::size_t size = 0;
    for (const auto& piece : pieces_) size += piece.size();
    Secret out{size};
    auto at = out.expose_mutable().begin();
    for (const auto& piece : pieces_) at = std::ranges::copy(piece.expose(), at).out;
    return out;
  }

 private:
  std::vector<Secret> pieces_;
};

}  // namespace

Secret expand(std::string_view text, const Variables& variables, Markup markup) {
  Pieces out;
  while (!text.empty()) {
    const auto open = text.find('[');
    out.add(text.substr(0, open));
    if (open == std::string_view::npos) break;
    text.remove_prefix(open);
    const auto close = text.find(']');
    const auto* value =
        close == std::string_view::npos ? nullptr : find(variables, text.substr(1, close - 1));
    if (value == nullptr) {
      out.add("[");
      text.remove_prefix(1);
      continue;
    }
    const auto shown = bytes::text(value->expose());
    markup == Markup::html ? out.add_escaped(shown) : out.add(shown);
    text.remove_prefix(close + 1);
  }
  return out.join();
}

std::string restricted_html(std::string_view text) {
  constexpr std::array allowed{"<br>", "<br/>", "<br />", "<b>", "</b>", "<p>", "</p>"};
  std::string out;
  while (!text.empty()) {
    const auto tag = std::ranges::find_if(allowed, [&](std::string_view candidate) {
      return text.size() >= candidate.size() &&
             same_name(text.substr(0, candidate.size()), candidate);
    });
    if (tag != allowed.end()) {
      out += *tag;
      text.remove_prefix(std::string_view{*tag}.size());
      continue;
    }
    const auto replacement = entity(text.front());
    if (replacement.empty())
      out += text.front();
    else
      out += replacement;
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace sp::mail
