#pragma once
// Hosts of the sites: where a session goes, and how the host proves that it is the one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inventory/parts.h"

namespace sp::hosts {

using inventory::Changed;
using inventory::Context;
using inventory::Problem;

enum class Protocol : std::uint8_t { ssh, rdp, telnet, vnc };
std::string_view name(Protocol protocol);
std::optional<Protocol> protocol_named(std::string_view text);
std::uint16_t default_port(Protocol protocol);

struct Fields {
  std::string name;
  std::string site;       ///< id
  std::string address{};  ///< a DNS name or an IP address
  std::int64_t port = 22;
  Protocol protocol = Protocol::ssh;
  std::string type{}, operating_system{};
  std::string folder{};  ///< "Linux/Web"; empty: at the top
  std::vector<std::string> tags{};
  std::string notes{};
  std::vector<std::string> host_keys{}, host_cas{};  ///< OpenSSH's form, without comments
  bool first_use = true;  ///< without a key and an authority: the first key seen is taken
};

/// What is to be another way; absent members stay.
struct Change {
  std::optional<std::string> name{}, site{}, address{};
  std::optional<std::int64_t> port{};
  std::optional<Protocol> protocol{};
  std::optional<std::string> type{}, operating_system{}, folder{}, notes{};
  std::optional<std::vector<std::string>> tags{}, add_tags{}, remove_tags{};
  std::optional<std::vector<std::string>> host_keys{}, host_cas{};
  std::optional<bool> first_use{};
};

struct Host {
  std::string id;
  Fields fields;
  std::string site_name;
  access::Rights rights{};  ///< of who asked
  std::int64_t revision = 1;
  Instant created_at{}, changed_at{};
};

/// `fields` with the change: trimmed, keys without comments, tags and keys once each, the
/// protocol's port where the change names a protocol and no port, the name as address where there
/// is none.
Fields changed(Fields fields, const Change& change);
/// What can be seen without the database.
std::vector<Problem> problems(const Fields& fields);

/// Needs `change` on the site, or an administrator.
Result<Changed<Host>> add(const Context& context, const access::Actor& actor, const Change& wanted);
/// `not_found`, `forbidden`; a `revision` that is not the newest is a conflict. To move it to
/// another site needs `change` there too.
Result<Changed<Host>> change(const Context& context, const access::Actor& actor,
                             std::string_view id, const Change& change,
                             std::optional<std::int64_t> revision = {});
Outcome remove(const Context& context, const access::Actor& actor, std::string_view id);

/// Pins a key: *Trust the new key*, or a first key that was seen and is approved.
enum class Pin : std::uint8_t { add, replace };
Result<Changed<Host>> trust_key(const Context& context, const access::Actor& actor,
                                std::string_view id, std::string_view key, Pin how);

struct Filter {
  std::string part{};                   ///< of name, address, type, operating system, tags or notes
  std::string site{}, tag{};            ///< empty: any
  std::optional<std::string> folder{};  ///< this folder and those below
  std::optional<Protocol> protocol{};
};
/// Those that the actor may see, by name. `after` is `key_of` the last one of the page before.
Result<std::vector<Host>> list(const Context& context, const access::Actor& actor,
                               const Filter& filter, std::string_view after, int limit);
std::string key_of(const Host& host);
/// One that the actor may see.
Result<Host> find(const Context& context, const access::Actor& actor, std::string_view id);
/// For the core's own work, without asking anybody: `not_found`.
Result<Host> read(store::Transaction& transaction, std::string_view id);

struct Folder {
  std::string site, name;
  std::int64_t hosts = 0;
};
/// The folders of the hosts that the actor may see.
Result<std::vector<Folder>> folders(const Context& context, const access::Actor& actor,
                                    std::string_view site);

}  // namespace sp::hosts
