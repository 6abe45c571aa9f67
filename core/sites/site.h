#pragma once
// Remote site locations: a client's network, the gateways in it, and what a session there is like.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inventory/parts.h"
#include "pushpull/items/sessions.h"

namespace sp::sites {

using inventory::Changed;
using inventory::Context;
using inventory::Problem;

/// Every week on these days, UTC; no session begins in it. `to` before `from` is past midnight, and
/// belongs to the day on which it began.
struct Maintenance {
  std::uint8_t days = 0;  ///< bit 0 is Monday
  int from = 0, to = 0;   ///< minutes of the day
  friend bool operator==(const Maintenance&, const Maintenance&) = default;
};

/// What becomes of a recorded session when the gateway's disk is nearly full.
enum class DiskFull : std::uint8_t { end, go_on };
std::string_view name(DiskFull what);  ///< as in a ticket: "end", "continue"
std::optional<DiskFull> disk_full_named(std::string_view text);

/// What a session at a site may do: the bits of pushpull::right, with their names.
struct SessionRight {
  std::string_view name;
  std::uint32_t bit;
};
inline constexpr std::array session_rights{
    SessionRight{"input", pushpull::right::input}, SessionRight{"paste", pushpull::right::paste},
    SessionRight{"copy", pushpull::right::copy}, SessionRight{"upload", pushpull::right::upload},
    SessionRight{"download", pushpull::right::download}};

struct Fields {
  std::string name;
  std::string notes{};
  std::vector<std::string>
      gateways{};  ///< ids of edges of the kind `gateway`; the first is asked first
  std::vector<std::string> networks{};  ///< CIDR; empty: the gateway's own policy decides
  std::optional<Maintenance> maintenance{};
  std::optional<std::int64_t> recording_days{};  ///< how long recordings are kept; none: for ever
  std::chrono::minutes idle{15}, total{480};     ///< a session's limits
  bool record = true, record_input = false;
  DiskFull disk_full = DiskFull::end;
  bool reason_required = false;
  std::uint32_t session_rights = pushpull::right::all;
};

/// What is to be another way; absent members stay.
struct Change {
  std::optional<std::string> name{}, notes{};
  std::optional<std::vector<std::string>> gateways{}, networks{};
  std::optional<std::optional<Maintenance>> maintenance{};
  std::optional<std::optional<std::int64_t>> recording_days{};
  std::optional<std::int64_t> idle_minutes{}, total_minutes{};
  std::optional<bool> record{}, record_input{}, reason_required{};
  std::optional<DiskFull> disk_full{};
  std::optional<std::uint32_t> session_rights{};
};

struct Site {
  std::string id;
  Fields fields;
  std::int64_t hosts = 0, credentials = 0;
  access::Rights rights{};  ///< of who asked
  std::int64_t revision = 1;
  Instant created_at{}, changed_at{};
};

inline constexpr std::size_t most_gateways = 16;
inline constexpr std::size_t most_networks = 64;

/// `fields` with the change; names and lists trimmed.
Fields changed(Fields fields, const Change& change);
/// What can be seen without the database.
std::vector<Problem> problems(const Fields& fields);
/// Whether a session may not begin at this moment.
bool in_maintenance(const Fields& fields, Instant now);

/// Adds a site. The permit is for sites_write.
Result<Changed<Site>> add(const Context& context, const access::Permit& permit, Change wanted);
/// `not_found`, `forbidden`; a `revision` that is not the newest is a conflict.
Result<Changed<Site>> change(const Context& context, const access::Actor& actor,
                             std::string_view id, const Change& change,
                             std::optional<std::int64_t> revision = {});
/// `conflict` while hosts, credentials or gateways belong to it.
Outcome remove(const Context& context, const access::Actor& actor, std::string_view id);

/// One that the actor may see.
Result<Site> find(const Context& context, const access::Actor& actor, std::string_view id);
/// For the core's own work, without asking anybody: `not_found`.
Result<Site> read(store::Transaction& transaction, std::string_view id);
/// The id of the site of this id or name; `text` itself when there is none.
Result<std::string> id_of(store::Transaction& transaction, std::string_view text);
/// Those that the actor may see, by name. `after` is `key_of` the last one of the page before.
Result<std::vector<Site>> list(const Context& context, const access::Actor& actor,
                               std::string_view part, std::string_view after, int limit);
std::string key_of(const Site& site);

}  // namespace sp::sites
