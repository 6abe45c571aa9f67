#include "core/cli/table_json.h"

#include <algorithm>
#include <vector>

namespace sp::cli {

std::string cell(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || object[name].is_null()) return "-";
  auto text = object[name].is_string() ? object[name].get<std::string>() : object[name].dump();
  // What others wrote must not steer our terminal.
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return text;
}

void print_columns(const Json& items, std::span<const char* const> columns) {
  std::vector<std::size_t> widths;
  for (const auto* name : columns) {
    auto width = std::string_view{name}.size();
    for (const auto& item : items) width = std::max(width, cell(item, name).size());
    widths.push_back(width);
  }
  const auto line = [&](const auto& value) {
    std::string out;
    auto width = widths.begin();
    for (const auto* name : columns) {
      auto text = value(name);
      text.resize(std::max(text.size(), *width++), ' ');
      out += text + "  ";
    }
    out.resize(out.find_last_not_of(' ') + 1);
    say(out);
  };
  line([](const char* name) { return std::string{name}; });
  for (const auto& item : items) line([&](const char* name) { return cell(item, name); });
}

void print_member(const Json& object, const char* name) {
  say(std::string{name} + ": " + cell(object, name));
}

}  // namespace sp::cli
