#include "edge-selfdestruct/program/config.h"

namespace sp::edge_selfdestruct {
namespace {

// So many at once, and each back after its share of a minute.
Rate rate(config::File& file, const char* name, const Rate& otherwise) {
  Rate out = otherwise;
  out.burst = static_cast<int>(file.number(name, otherwise.burst, 1, 60'000));
  out.every = Duration{60'000 / out.burst};
  return out;
}

Result<Config> read(config::File file) {
  Config out{.host = pushpull::read_host_config(file), .store = {}};
  out.store.directory = out.host.directory.string();
  out.store.disk_reserve = out.host.disk_reserve;
  out.store.strangers = rate(file, "limits.wrong_links_per_minute", out.store.strangers);
  out.store.guesses = rate(file, "limits.wrong_passphrases_per_minute", out.store.guesses);
  TRY(file.finish());
  return out;
}

}  // namespace

Result<Config> decode_config(std::string_view text, const std::filesystem::path& path) {
  return read(TRY(config::File::parse(text, path)));
}

Result<Config> read_config(const std::filesystem::path& path) {
  return read(TRY(config::File::open(path)));
}

}  // namespace sp::edge_selfdestruct
