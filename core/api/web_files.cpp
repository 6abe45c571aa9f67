#include "core/api/internal/web_files.h"

#include <fstream>
#include <iterator>

#include "base/bytes/bytes.h"
#include "core/api/internal/json.h"

namespace sp::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 2000;
constexpr std::uintmax_t most_size = 16 << 20;

Result<std::string> content_of(const fs::path& path) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed || size > most_size)
    return Error{Code::unavailable, "the web file " + path.string() + " cannot be read"};
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (text.size() != size)
    return Error{Code::unavailable, "the web file " + path.string() + " cannot be read"};
  return text;
}

// Names that assets.json may hold: a plain path below the folder.
bool plain_path(const std::string& path) {
  return path.starts_with('/') && path.find("..") == std::string::npos &&
         path.find('\\') == std::string::npos && path.find('\0') == std::string::npos;
}

std::string policy_of(const Json& list) {
  std::string scripts = "'self'";
  const auto csp = list.value("csp", Json::object());
  for (const auto& hash : csp.value("script-hashes", Json::array())) {
    if (hash.is_string()) scripts += " '" + hash.get<std::string>() + "'";
  }
  return "default-src 'none'; script-src " + scripts +
         "; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri "
         "'none'; form-action "
         "'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
}

std::string text_of(const Json& entry, const char* name) {
  const auto it = entry.find(name);
  return it != entry.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

bool offers(std::string_view header, std::string_view coding) {
  const auto at = header.find(coding);
  if (at == std::string_view::npos) return false;
  const auto rest = header.substr(at + coding.size());
  return !rest.starts_with(";q=0") || rest.starts_with(";q=0.");
}

}  // namespace

Result<WebFiles> WebFiles::load(const fs::path& root) {
  const auto text = TRY(content_of(root / "assets.json").within("web_root"));
  auto list = TRY(parse_json(text).within("web_root: assets.json"));
  WebFiles web;
  web.policy_ = policy_of(list);
  const auto files = list.value("files", Json::object());
  if (!files.is_object() || files.size() > most_files || !files.contains("/index.html"))
    return Error{Code::corrupt, "web_root: assets.json names no /index.html"};
  for (const auto& [path, entry] : files.items()) {
    if (!plain_path(path) || !entry.is_object())
      return Error{Code::corrupt, "web_root: assets.json: " + path};
    File file{text_of(entry, "type"),
              "\"" + text_of(entry, "etag") + "\"",
              text_of(entry, "cache"),
              {},
              {},
              {}};
    const auto on_disk = root / path.substr(1);
    file.plain = TRY(content_of(on_disk));
    if (entry.value("size", std::uint64_t{0}) != file.plain.size())
      return Error{Code::corrupt, "web_root: " + path + " is not the file that was built"};
    if (entry.contains("br")) file.brotli = TRY(content_of(on_disk.string() + ".br"));
    if (entry.contains("gz")) file.gzip = TRY(content_of(on_disk.string() + ".gz"));
    web.files_.emplace(path, std::move(file));
  }
  return web;
}

Response WebFiles::answer(const File& file, const Asked& asked) const {
  Response response;
  response.type = file.type;
  response.headers = {{"ETag", file.etag},
                      {"Cache-Control", file.cache.empty() ? "no-cache" : file.cache},
                      {"Vary", "Accept-Encoding"}};
  if (file.type.starts_with("text/html"))
    response.headers.emplace_back("Content-Security-Policy", policy_);
  if (!asked.if_none_match.empty() &&
      asked.if_none_match.find(file.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  const bool brotli = !file.brotli.empty() && offers(asked.accept_encoding, "br");
  const bool gzip = !brotli && !file.gzip.empty() && offers(asked.accept_encoding, "gzip");
  if (brotli || gzip) response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
  response.body = brotli ? file.brotli : gzip ? file.gzip : file.plain;
  return response;
}

std::optional<Response> WebFiles::find(const Asked& asked) const {
  auto it = files_.find(asked.path);
  const bool page = asked.accept.find("text/html") != std::string_view::npos &&
                    !asked.path.starts_with("/assets/") && !asked.path.starts_with("/api/");
  if (it == files_.end() && page) it = files_.find("/index.html");
  if (it == files_.end()) return std::nullopt;
  return answer(it->second, asked);
}

}  // namespace sp::api
