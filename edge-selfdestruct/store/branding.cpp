#include "edge-selfdestruct/store/branding.h"

#include <algorithm>
#include <array>

namespace sp::edge_selfdestruct {
namespace {

constexpr std::size_t most_name = 200;
constexpr std::size_t most_help = 4'000;
constexpr std::size_t most_languages = 50;
constexpr std::size_t most_logo = 256 * 1024;
constexpr std::array<std::string_view, 4> logo_types{"image/png", "image/jpeg", "image/gif",
                                                     "image/webp"};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_colour(std::string_view text) {
  if (text.empty()) return true;
  return text.size() == 7 && text.front() == '#' && std::ranges::all_of(text.substr(1), is_hex);
}
bool is_language(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  return text.size() >= 2 && text.size() <= 20 && std::ranges::all_of(text, allowed);
}
bool is_text(std::string_view text, std::size_t most) {
  return text.size() <= most && bytes::is_utf8(text);
}

Outcome check(const pushpull::SettingsPut& put) {
  const Error refused{Code::invalid_input, "settings"};
  if (!is_text(put.name, most_name) || !is_text(put.help, most_help)) return refused;
  if (!is_colour(put.colour)) return refused;
  if (put.languages.size() > most_languages || !std::ranges::all_of(put.languages, is_language))
    return refused;
  if (put.logo.empty()) return {};
  const bool known = std::ranges::find(logo_types, put.logo_type) != logo_types.end();
  if (!known || put.logo.size() > most_logo) return refused;
  return {};
}

}  // namespace

Outcome keep_branding(sqlite::Database& db, BytesView body) {
  const auto put = TRY(pushpull::decode_settings_put(body));
  TRY(check(put));
  TRY(db.run("UPDATE portal SET branding = ?1 WHERE one = 1", body));
  return {};
}

Result<std::optional<pushpull::SettingsPut>> read_branding(sqlite::Database& db) {
  auto row = TRY(db.query("SELECT branding FROM portal WHERE one = 1"));
  if (!TRY(row.step()) || row.is_null(0)) return std::optional<pushpull::SettingsPut>{};
  return std::optional{TRY(pushpull::decode_settings_put(row.blob_view(0)))};
}

}  // namespace sp::edge_selfdestruct
