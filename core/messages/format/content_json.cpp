#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

#include "base/bytes/bytes.h"
#include "core/messages/format/content.h"

namespace sp::messages {
namespace {

using nlohmann::json;

Error refused(const char* what) {
  return {Code::invalid_input, std::string{"content: "} + what};
}

// Writes JSON straight into memory that is wiped: nlohmann would leave the text in plain strings.
class HeaderWriter {
 public:
  explicit HeaderWriter(std::size_t most) : out_(most) {}

  void raw(std::string_view text) {
    std::ranges::copy(bytes::of(text), out_.expose_mutable().begin() + offset());
    size_ += text.size();
  }
  void string(std::string_view text) {
    raw("\"");
    for (const char c : text) character(c);
    raw("\"");
  }
  Secret take() { return Secret::copy_of(out_.expose().first(size_)); }

 private:
  [[nodiscard]] std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(size_); }
  void character(char c) {
    if (c == '"' || c == '\\') {
      raw("\\");
      raw({&c, 1});
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      raw("\\u00");
      raw(digits.substr(static_cast<unsigned char>(c) >> 4, 1));
      raw(digits.substr(static_cast<unsigned char>(c) & 15, 1));
    } else {
      raw({&c, 1});
    }
  }
  Secret out_;
  std::size_t size_ = 0;
};

// A character takes at most six bytes in JSON; 96 covers what stands around a value.
std::size_t most_bytes(const Content& content) {
  std::size_t most = 96 + 6 * content.text.size();
  for (const auto& field : content.fields)
    most += 96 + 6 * (field.name.size() + field.value.size());
  for (const auto& file : content.files) most += 96 + 6 * (file.name.size() + file.type.size());
  return most;
}

Outcome check(const Content& content) {
  if (content.fields.size() > max_fields) return refused("more than 100 fields");
  if (content.files.size() > max_files) return refused("more than 100 files");
  bool utf8 = bytes::is_utf8(bytes::text(content.text.expose()));
  for (const auto& field : content.fields)
    utf8 = utf8 && bytes::is_utf8(field.name) && bytes::is_utf8(bytes::text(field.value.expose()));
  std::uint64_t total = 0;
  for (const auto& file : content.files) {
    utf8 = utf8 && bytes::is_utf8(file.name) && bytes::is_utf8(file.type);
    if (file.size > max_content_size) return refused("more than 100 MiB");
    total += file.size;
  }
  if (!utf8) return refused("not UTF-8");
  if (total > max_content_size) return refused("more than 100 MiB");
  return {};
}

bool has_exactly(const json& object, std::initializer_list<const char*> names) {
  return object.is_object() && object.size() == names.size() &&
         std::ranges::all_of(names, [&](const char* name) { return object.contains(name); });
}

Secret take_text(json& value) {
  auto& text = value.get_ref<std::string&>();
  auto secret = Secret::copy_of(bytes::of(text));
  wipe(text);
  return secret;
}

Result<Field> decode_field(json& object) {
  if (!has_exactly(object, {"name", "value", "secret"}) || !object["name"].is_string() ||
      !object["value"].is_string() || !object["secret"].is_boolean())
    return refused("a field is not {name, value, secret}");
  return Field{object["name"].get<std::string>(), take_text(object["value"]),
               object["secret"].get<bool>()};
}

Result<File> decode_file(const json& object) {
  if (!has_exactly(object, {"name", "type", "size"}) || !object["name"].is_string() ||
      !object["type"].is_string() || !object["size"].is_number_unsigned())
    return refused("a file is not {name, type, size}");
  return File{object["name"].get<std::string>(), object["type"].get<std::string>(),
              object["size"].get<std::uint64_t>()};
}

Result<Content> decode(json& header) {
  if (!has_exactly(header, {"v", "text", "fields", "files"}))
    return refused("the header is not {v, text, fields, files}");
  if (!header["v"].is_number_unsigned() || header["v"].get<std::uint64_t>() != 1)
    return refused("unknown version");
  if (!header["text"].is_string() || !header["fields"].is_array() || !header["files"].is_array())
    return refused("text, fields or files of another type");
  if (header["fields"].size() > max_fields || header["files"].size() > max_files)
    return refused("too many fields or files");

  Content content;
  content.text = take_text(header["text"]);
  for (auto& field : header["fields"]) content.fields.push_back(TRY(decode_field(field)));
  for (const auto& file : header["files"]) content.files.push_back(TRY(decode_file(file)));
  TRY(check(content));
  return content;
}

}  // namespace

std::uint64_t Content::files_size() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const File& file) { return sum + file.size; });
}

Result<Secret> encode_header(const Content& content) {
  TRY(check(content));
  if (most_bytes(content) > 6 * (max_header_size + 32 * 1024))
    return refused("the text is longer than 1 MiB");
  HeaderWriter out{most_bytes(content)};
  out.raw("{\"v\":1,\"text\":");
  out.string(bytes::text(content.text.expose()));
  out.raw(",\"fields\":[");
  for (std::size_t i = 0; i < content.fields.size(); ++i) {
    const auto& field = content.fields[i];
    out.raw(i == 0 ? "{\"name\":" : ",{\"name\":");
    out.string(field.name);
    out.raw(",\"value\":");
    out.string(bytes::text(field.value.expose()));
    out.raw(field.secret ? ",\"secret\":true}" : ",\"secret\":false}");
  }
  out.raw("],\"files\":[");
  for (std::size_t i = 0; i < content.files.size(); ++i) {
    const auto& file = content.files[i];
    out.raw(i == 0 ? "{\"name\":" : ",{\"name\":");
    out.string(file.name);
    out.raw(",\"type\":");
    out.string(file.type);
    out.raw(",\"size\":" + std::to_string(file.size) + "}");
  }
  out.raw("]}");
  auto header = out.take();
  if (header.size() > max_header_size) return refused("the text is longer than 1 MiB");
  if (4 + header.size() + content.files_size() > max_content_size)
    return refused("more than 100 MiB");
  return header;
}

Result<Content> decode_header(const Secret& header) {
  if (header.size() > max_header_size) return refused("header longer than 1 MiB");
  const auto text = bytes::text(header.expose());
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return refused("header is not JSON");
  return decode(parsed);
}

std::string safe_file_name(const std::string& name) {
  auto last = name.substr(name.find_last_of("/\\") + 1);
  std::erase_if(last, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (last.size() > 200) {
    last.resize(200);
    while (!bytes::is_utf8(last)) last.pop_back();
  }
  if (last.empty() || last == "." || last == "..") return "file";
  return last;
}

}  // namespace sp::messages
