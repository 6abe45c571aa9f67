#include <algorithm>
#include <array>

#include "core/hosts/host.h"
#include "core/hosts/public_key.h"
#include "core/inventory/network.h"
#include "core/inventory/text.h"

namespace sp::hosts {
namespace {

struct Known {
  Protocol protocol;
  std::string_view name;
  std::uint16_t port;
};
constexpr std::array known{Known{Protocol::ssh, "ssh", 22}, Known{Protocol::rdp, "rdp", 3389},
                           Known{Protocol::telnet, "telnet", 23},
                           Known{Protocol::vnc, "vnc", 5901}};

constexpr std::size_t most_keys = 32, most_tags = 32;
constexpr std::size_t most_key_text = 64U << 10U;

// "Linux / Web/" is "Linux/Web".
std::string tidy_folder(std::string_view folder) {
  std::string out;
  while (!folder.empty()) {
    const auto end = std::min(folder.find('/'), folder.size());
    if (const auto piece = inventory::trimmed(folder.substr(0, end)); !piece.empty())
      out += (out.empty() ? "" : "/") + piece;
    folder.remove_prefix(std::min(end + 1, folder.size()));
  }
  return out;
}

// A line that is no key stays as it is, for `problems` to name.
std::vector<std::string> tidy_keys(const std::vector<std::string>& lines) {
  std::vector<std::string> out;
  for (const auto& line : lines) {
    const auto key = parse_public_key(line);
    out.push_back(key ? key->line() : line);
  }
  return inventory::distinct(std::move(out));
}

void change_tags(Fields& fields, const Change& change) {
  if (change.tags) fields.tags = *change.tags;
  if (change.add_tags)
    fields.tags.insert(fields.tags.end(), change.add_tags->begin(), change.add_tags->end());
  fields.tags = inventory::tidied(std::move(fields.tags));
  if (!change.remove_tags) return;
  const auto gone = inventory::tidied(*change.remove_tags);
  std::erase_if(fields.tags,
                [&](const auto& tag) { return std::ranges::find(gone, tag) != gone.end(); });
}

void check_keys(const std::vector<std::string>& keys, const std::string& field,
                std::vector<Problem>& out) {
  std::size_t size = 0;
  for (const auto& line : keys) {
    size += line.size();
    const auto key = parse_public_key(line);
    if (key && !key->is_certificate()) continue;
    out.push_back({field, "each a public key as OpenSSH writes it: ssh-ed25519 AAAA..."});
    return;
  }
  if (keys.size() > most_keys || size > most_key_text)
    out.push_back({field, "at most 32 keys, 64 KiB in all"});
}

void check_texts(const Fields& fields, std::vector<Problem>& out) {
  if (!inventory::is_line(fields.name, 1, 200)) out.push_back({"name", "one line of 1 to 200"});
  if (!inventory::is_line(fields.type, 0, 50)) out.push_back({"type", "one line of at most 50"});
  if (!inventory::is_line(fields.operating_system, 0, 50))
    out.push_back({"operating_system", "one line of at most 50"});
  if (!inventory::is_line(fields.folder, 0, 500))
    out.push_back({"folder", "names with / between them, at most 500"});
  if (!inventory::is_text(fields.notes, 10'000)) out.push_back({"notes", "at most 10000 long"});
  const bool tags =
      fields.tags.size() <= most_tags && std::ranges::all_of(fields.tags, [](const auto& tag) {
        return inventory::is_line(tag, 1, 64) && tag.find(',') == std::string::npos;
      });
  if (!tags) out.push_back({"tags", "at most 32, each of 1 to 64 without a comma"});
}

}  // namespace

std::string_view name(Protocol protocol) {
  return known[static_cast<std::size_t>(protocol)].name;
}
std::optional<Protocol> protocol_named(std::string_view text) {
  const auto it = std::ranges::find(known, text, &Known::name);
  return it == known.end() ? std::nullopt : std::optional{it->protocol};
}
std::uint16_t default_port(Protocol protocol) {
  return known[static_cast<std::size_t>(protocol)].port;
}

Fields changed(Fields fields, const Change& change) {
  if (change.name) fields.name = inventory::trimmed(*change.name);
  if (change.site) fields.site = *change.site;
  if (change.address) fields.address = inventory::trimmed(*change.address);
  if (fields.address.empty()) fields.address = fields.name;
  if (change.protocol) {
    fields.protocol = *change.protocol;
    fields.port = default_port(fields.protocol);
  }
  if (change.port) fields.port = *change.port;
  if (change.type) fields.type = inventory::trimmed(*change.type);
  if (change.operating_system)
    fields.operating_system = inventory::trimmed(*change.operating_system);
  if (change.folder) fields.folder = tidy_folder(*change.folder);
  if (change.notes) fields.notes = *change.notes;
  change_tags(fields, change);
  if (change.host_keys) fields.host_keys = tidy_keys(*change.host_keys);
  if (change.host_cas) fields.host_cas = tidy_keys(*change.host_cas);
  if (change.first_use) fields.first_use = *change.first_use;
  return fields;
}

std::vector<Problem> problems(const Fields& fields) {
  std::vector<Problem> out;
  check_texts(fields, out);
  if (fields.site.empty()) out.push_back({"site", "is needed"});
  if (!inventory::is_host(fields.address))
    out.push_back({"address", "a DNS name or an IP address, without a port"});
  if (fields.port < 1 || fields.port > 65535) out.push_back({"port", "1 to 65535"});
  check_keys(fields.host_keys, "host_keys", out);
  check_keys(fields.host_cas, "host_cas", out);
  return out;
}

}  // namespace sp::hosts
