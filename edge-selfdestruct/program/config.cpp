#include "edge-selfdestruct/program/config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <set>

#include "base/config/files.h"
#include "base/http/proxy.h"

namespace sp::edge_selfdestruct {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

Error wrong(const std::string& what) {
  return Error{Code::invalid_input, what};
}

// One table of the file; remembers which keys were asked for, so that a misspelt one is found.
class Section {
 public:
  Section(const toml::table& root, std::string name) : name_(std::move(name)) {
    table_ = root[name_].as_table();
  }

  Result<std::string> text(std::string_view key) {
    known_.emplace(key);
    const auto* node = table_ == nullptr ? nullptr : table_->get(key);
    if (node == nullptr) return wrong("[" + name_ + "] needs " + std::string{key});
    const auto value = node->value<std::string>();
    if (!value || value->empty()) return wrong(where(key) + " must be a text");
    return *value;
  }
  Result<std::string> text_or(std::string_view key, std::string_view otherwise) {
    known_.emplace(key);
    if (table_ == nullptr || !table_->contains(key)) return std::string{otherwise};
    return text(key);
  }
  /// `otherwise` when the key is not there; else a whole number of at least `least`.
  Result<std::int64_t> number(std::string_view key, std::int64_t otherwise,
                              std::int64_t least = 1) {
    known_.emplace(key);
    if (table_ == nullptr || !table_->contains(key)) return otherwise;
    const auto value = table_->get(key)->value_exact<std::int64_t>();
    if (!value || *value < least)
      return wrong(where(key) + " must be a number of at least " + std::to_string(least));
    return *value;
  }
  Result<bool> flag(std::string_view key) {
    known_.emplace(key);
    if (table_ == nullptr || !table_->contains(key)) return false;
    const auto value = table_->get(key)->value_exact<bool>();
    if (!value) return wrong(where(key) + " must be true or false");
    return *value;
  }
  Result<std::vector<std::string>> texts(std::string_view key) {
    known_.emplace(key);
    std::vector<std::string> out;
    if (table_ == nullptr || !table_->contains(key)) return out;
    const auto* array = table_->get_as<toml::array>(key);
    if (array == nullptr) return wrong(where(key) + " must be a list of texts");
    for (const auto& node : *array) {
      const auto value = node.value<std::string>();
      if (!value) return wrong(where(key) + " must be a list of texts");
      out.push_back(*value);
    }
    return out;
  }
  /// Fails when the table has a key that nobody asked for.
  [[nodiscard]] Outcome end() const {
    if (table_ == nullptr) return {};
    for (const auto& [key, value] : *table_)
      if (!known_.contains(std::string{key.str()}))
        return wrong(where(key.str()) + " is not known");
    return {};
  }

 private:
  [[nodiscard]] std::string where(std::string_view key) const {
    return "[" + name_ + "] " + std::string{key};
  }
  std::string name_;
  const toml::table* table_ = nullptr;
  std::set<std::string, std::less<>> known_;
};

Result<Listener> listener(Section& section, const std::filesystem::path& folder) {
  Listener out;
  out.listen = TRY(section.text("listen"));
  out.certificate = folder / TRY(section.text("certificate"));
  out.key = folder / TRY(section.text("key"));
  return out;
}

Outcome read_proxies(Config& out, Section& section) {
  for (const auto& text : TRY(section.texts("proxies"))) {
    auto address = http::usual_address(text);
    if (!address) return wrong("[public] proxies must be IP addresses, which " + text + " is not");
    out.proxies.push_back(*std::move(address));
  }
  out.proxy_protocol = TRY(section.flag("proxy_protocol"));
  if (out.proxy_protocol && out.proxies.empty())
    return wrong("[public] proxy_protocol needs proxies, the addresses that it is accepted from");
  return {};
}

Outcome read_public(Config& out, const toml::table& root, const std::filesystem::path& folder) {
  Section section{root, "public"};
  out.public_url = TRY(section.text("url"));
  out.public_side = TRY(listener(section, folder));
  TRY(read_proxies(out, section));
  out.plain_http = TRY(section.text_or("http", ""));
  if (!out.public_url.starts_with("https://"))
    return wrong("[public] url must begin with https://");
  return section.end();
}

Outcome read_intake(Config& out, const toml::table& root, const std::filesystem::path& folder) {
  Section section{root, "intake"};
  out.intake = TRY(listener(section, folder));
  return section.end();
}

Outcome read_data(Config& out, const toml::table& root, const std::filesystem::path& folder) {
  Section section{root, "data"};
  out.store.directory = folder / TRY(section.text("directory"));
  return section.end();
}

Outcome read_rates(Section& section, StoreOptions& store) {
  store.strangers.burst =
      static_cast<int>(TRY(section.number("wrong_links_per_minute", store.strangers.burst)));
  store.strangers.every = Duration{60'000 / store.strangers.burst};
  store.guesses.burst =
      static_cast<int>(TRY(section.number("wrong_passphrases_per_minute", store.guesses.burst)));
  store.guesses.every = Duration{60'000 / store.guesses.burst};
  return {};
}

Outcome read_limits(Config& out, const toml::table& root) {
  Section section{root, "limits"};
  auto& limits = out.limits;
  limits.connections = static_cast<std::size_t>(
      TRY(section.number("connections", static_cast<std::int64_t>(limits.connections))));
  limits.connections_per_address = static_cast<std::size_t>(TRY(section.number(
      "connections_per_address", static_cast<std::int64_t>(limits.connections_per_address))));
  const auto reserve = static_cast<std::int64_t>(out.store.disk_reserve) / mebibyte;
  out.store.disk_reserve =
      static_cast<std::uint64_t>(TRY(section.number("disk_reserve_mib", reserve, 0)) * mebibyte);
  TRY(read_rates(section, out.store));
  return section.end();
}

Outcome read_certificates(Config& out, const toml::table& root) {
  Section section{root, "certificates"};
  const auto poll = TRY(section.number("poll_seconds", out.certificate_poll.count()));
  if (poll > 86'400) return wrong("[certificates] poll_seconds must be at most 86400, a day");
  out.certificate_poll = std::chrono::seconds{poll};
  out.renewed_by = TRY(section.text_or("renewed_by", ""));
  if (out.renewed_by.size() > 100)
    return wrong("[certificates] renewed_by must be at most 100 bytes, a name such as certbot");
  return section.end();
}

Outcome read_log(Config& out, const toml::table& root) {
  Section section{root, "log"};
  const auto level = TRY(section.text_or("level", "info"));
  if (level == "debug")
    out.log_level = log::Level::debug;
  else if (level == "info")
    out.log_level = log::Level::info;
  else if (level == "warning")
    out.log_level = log::Level::warning;
  else if (level == "error")
    out.log_level = log::Level::error;
  else
    return wrong("[log] level must be debug, info, warning or error");
  return section.end();
}

Outcome check_tables(const toml::table& root) {
  const std::set<std::string_view> known{"public", "intake",       "data",
                                         "limits", "certificates", "log"};
  for (const auto& [key, value] : root) {
    if (!known.contains(key.str()) || !value.is_table())
      return wrong("[" + std::string{key.str()} + "] is not known");
  }
  return {};
}

}  // namespace

Result<Config> decode_config(std::string_view text, const std::filesystem::path& folder) {
  const auto parsed = toml::parse(text);
  if (!parsed) return wrong("no TOML, line " + std::to_string(parsed.error().source().begin.line));
  const auto& root = parsed.table();
  TRY(check_tables(root));
  Config out;
  TRY(read_public(out, root, folder));
  TRY(read_intake(out, root, folder));
  TRY(read_data(out, root, folder));
  TRY(read_limits(out, root));
  TRY(read_certificates(out, root));
  TRY(read_log(out, root));
  return out;
}

Result<Config> read_config(const std::filesystem::path& path) {
  const auto text = TRY(config::read_file(path));
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(path, ignored).parent_path();
  return decode_config(bytes::text(text), folder).within(path.string());
}

}  // namespace sp::edge_selfdestruct
