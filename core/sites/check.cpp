#include <algorithm>

#include "core/inventory/network.h"
#include "core/inventory/text.h"
#include "core/sites/site.h"

namespace sp::sites {
namespace {

constexpr int day = 24 * 60;
constexpr std::int64_t longest_total = std::int64_t{7} * day;
constexpr std::int64_t most_recording_days = 3650;

void check(const Maintenance& window, std::vector<Problem>& out) {
  if (window.days == 0 || window.days > 127)
    out.push_back({"maintenance.days", "at least one day of the week"});
  const auto time = [](int minutes) { return minutes >= 0 && minutes < day; };
  if (!time(window.from) || !time(window.to) || window.from == window.to)
    out.push_back({"maintenance.to", "two different times of the day"});
}

void check_limits(const Fields& fields, std::vector<Problem>& out) {
  if (fields.idle.count() < 1 || fields.idle.count() > day)
    out.push_back({"idle_minutes", "1 to 1440"});
  if (fields.total.count() < 1 || fields.total.count() > longest_total)
    out.push_back({"total_minutes", "1 to 10080"});
  const auto days = fields.recording_days;
  if (days && (*days < 1 || *days > most_recording_days))
    out.push_back({"recording_days", "1 to 3650, or null to keep them for ever"});
  if (fields.record_input && !fields.record) out.push_back({"record_input", "needs `record`"});
  if (fields.session_rights > pushpull::right::all)
    out.push_back({"session_rights", "input, paste, copy, upload, download"});
}

}  // namespace

std::string_view name(DiskFull what) {
  return what == DiskFull::end ? "end" : "continue";
}
std::optional<DiskFull> disk_full_named(std::string_view text) {
  for (const auto one : {DiskFull::end, DiskFull::go_on})
    if (text == name(one)) return one;
  return std::nullopt;
}

Fields changed(Fields fields, const Change& change) {
  if (change.name) fields.name = inventory::trimmed(*change.name);
  if (change.notes) fields.notes = *change.notes;
  if (change.gateways) fields.gateways = inventory::distinct(*change.gateways);
  if (change.networks) fields.networks = inventory::distinct(*change.networks);
  if (change.maintenance) fields.maintenance = *change.maintenance;
  if (change.recording_days) fields.recording_days = *change.recording_days;
  if (change.idle_minutes) fields.idle = std::chrono::minutes{*change.idle_minutes};
  if (change.total_minutes) fields.total = std::chrono::minutes{*change.total_minutes};
  fields.record = change.record.value_or(fields.record);
  fields.record_input = change.record_input.value_or(fields.record_input);
  fields.reason_required = change.reason_required.value_or(fields.reason_required);
  fields.disk_full = change.disk_full.value_or(fields.disk_full);
  fields.session_rights = change.session_rights.value_or(fields.session_rights);
  return fields;
}

std::vector<Problem> problems(const Fields& fields) {
  std::vector<Problem> out;
  if (!inventory::is_line(fields.name, 1, 100)) out.push_back({"name", "one line of 1 to 100"});
  if (!inventory::is_text(fields.notes, 10'000)) out.push_back({"notes", "at most 10000 long"});
  if (fields.gateways.size() > most_gateways) out.push_back({"gateways", "at most 16"});
  if (fields.networks.size() > most_networks) out.push_back({"networks", "at most 64"});
  for (const auto& network : fields.networks)
    if (!inventory::is_network(network)) {
      out.push_back(
          {"networks", "each as 10.1.0.0/16 or 2001:db8::/32, no bits behind the prefix"});
      break;
    }
  if (fields.maintenance) check(*fields.maintenance, out);
  check_limits(fields, out);
  return out;
}

bool in_maintenance(const Fields& fields, Instant now) {
  if (!fields.maintenance) return false;
  const auto& window = *fields.maintenance;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto minute =
      static_cast<int>(std::chrono::floor<std::chrono::minutes>(now - today).count());
  const auto weekday = std::chrono::weekday{today}.iso_encoding() - 1;  // 0 is Monday
  const auto on = [&](unsigned which) { return (window.days >> which & 1U) != 0; };
  if (window.from < window.to) return on(weekday) && minute >= window.from && minute < window.to;
  return (on(weekday) && minute >= window.from) || (on((weekday + 6) % 7) && minute < window.to);
}

}  // namespace sp::sites
