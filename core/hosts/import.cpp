#include "core/hosts/import.h"

#include <charconv>

#include "core/hosts/internal/change.h"
#include "core/hosts/internal/rows.h"
#include "core/inventory/text.h"
#include "core/sites/site.h"

namespace sp::hosts {
namespace {

using inventory::CsvRow;
using inventory::RowDone;

const inventory::ImportKind kind{
    "hosts",
    {"site", "name", "address", "port", "protocol", "type", "operating_system", "folder", "tags",
     "notes", "host_keys", "host_cas", "first_use"},
    {"site", "name"}};

void read_port(const CsvRow& row, Change& out, std::vector<Problem>& problems) {
  const auto cell = row.maybe("port");
  if (!cell) return;
  std::int64_t port = 0;
  const auto* end = cell->data() + cell->size();
  const auto [stop, error] = std::from_chars(cell->data(), end, port);
  if (error == std::errc{} && stop == end)
    out.port = port;
  else
    problems.push_back({"port", "1 to 65535"});
}

void read_words(const CsvRow& row, Change& out, std::vector<Problem>& problems) {
  if (const auto cell = row.maybe("protocol")) {
    out.protocol = protocol_named(inventory::folded(*cell));
    if (!out.protocol) problems.push_back({"protocol", "ssh, rdp, telnet or vnc"});
  }
  if (const auto cell = row.maybe("first_use")) {
    const auto word = inventory::folded(*cell);
    if (word == "true" || word == "false")
      out.first_use = word == "true";
    else
      problems.push_back({"first_use", "true or false"});
  }
}

Change change_of(const CsvRow& row, std::vector<Problem>& problems) {
  Change out;
  out.name = row.maybe("name");
  if (!out.name) problems.push_back({"name", "is needed"});
  out.address = row.maybe("address");
  out.type = row.maybe("type");
  out.operating_system = row.maybe("operating_system");
  out.folder = row.maybe("folder");
  out.notes = row.maybe("notes");
  out.tags = row.maybe_list("tags", ',');
  out.host_keys = row.maybe_list("host_keys", '\n');
  out.host_cas = row.maybe_list("host_cas", '\n');
  read_port(row, out, problems);
  read_words(row, out, problems);
  return out;
}

Result<std::string> host_of(store::Transaction& transaction, const Change& wanted) {
  const auto found =
      TRY(transaction.one("SELECT id FROM hosts WHERE site = $1 AND name_key = $2", *wanted.site,
                          inventory::folded(inventory::trimmed(*wanted.name))));
  return found ? found->text(0) : std::string{};
}

Result<Done> change_one(const Context& context, store::Transaction& transaction,
                        const access::Actor& actor, const std::string& id, const Change& wanted) {
  auto host = TRY(rows::locked(transaction, id));
  const access::Guarded guarded{"host", id, host.fields.site};
  const auto permit = access::authorise(transaction, actor, access::Action::hosts_write, guarded,
                                        context.clock.now());
  if (!permit) return Done{{{}, {{"name", "is there, and not yours to change"}}}};
  return change_in(context, transaction, actor, std::move(host), wanted);
}

Result<RowDone> import_row(const Context& context, store::Transaction& transaction,
                           const access::Actor& actor, const CsvRow& row, bool update) {
  RowDone out;
  auto wanted = change_of(row, out.problems);
  wanted.site = TRY(sites::id_of(transaction, row.maybe("site").value_or("")));
  if (!out.problems.empty()) return out;
  const auto id = TRY(host_of(transaction, wanted));
  out.created = id.empty() || !update;
  auto done = out.created ? TRY(add_in(context, transaction, actor, wanted))
                          : TRY(change_one(context, transaction, actor, id, wanted));
  out.problems = std::move(done.changed.problems);
  out.entry = std::move(done.entry);
  return out;
}

}  // namespace

Result<inventory::Imported> import_csv(const Context& context, const access::Actor& actor,
                                       std::string_view text,
                                       const inventory::ImportOptions& options) {
  TRY(access::allowed(actor, access::Action::hosts_write));
  return inventory::import_csv(
      context, actor, kind, text, options,
      [&](store::Transaction& transaction, const CsvRow& row) -> Result<RowDone> {
        return import_row(context, transaction, actor, row, options.update);
      });
}

}  // namespace sp::hosts
