#include "core/credentials/import.h"

#include "base/bytes/bytes.h"
#include "core/credentials/internal/change.h"
#include "core/credentials/internal/rows.h"
#include "core/inventory/text.h"
#include "core/sites/site.h"

namespace sp::credentials {
namespace {

using inventory::CsvRow;
using inventory::RowDone;

const inventory::ImportKind columns{
    "credentials",
    {"site", "name", "login", "kind", "hosts", "hosts_except", "notes", "password", "private_key",
     "passphrase", "certificate"},
    {"name"}};

std::optional<Secret> secret_of(const CsvRow& row, const char* column) {
  const auto it = row.cells.find(column);
  if (it == row.cells.end() || it->second.empty()) return std::nullopt;
  return Secret::copy_of(bytes::of(it->second));
}

Change change_of(const CsvRow& row, std::vector<Problem>& problems) {
  Change out;
  out.name = row.maybe("name");
  if (!out.name) problems.push_back({"name", "is needed"});
  out.login = row.maybe("login");
  out.notes = row.maybe("notes");
  out.certificate = row.maybe("certificate");
  out.hosts = row.maybe_list("hosts", ',');
  out.hosts_except = row.maybe_list("hosts_except", ',');
  out.password = secret_of(row, "password");
  out.private_key = secret_of(row, "private_key");
  out.passphrase = secret_of(row, "passphrase");
  if (const auto cell = row.maybe("kind")) {
    out.kind = kind_named(inventory::folded(*cell));
    if (!out.kind) problems.push_back({"kind", "password, key or certificate"});
  }
  return out;
}

Result<std::string> credential_of(store::Transaction& transaction, const std::string& name) {
  const auto found = TRY(transaction.one("SELECT id FROM credentials WHERE name_key = $1",
                                         inventory::folded(inventory::trimmed(name))));
  return found ? found->text(0) : std::string{};
}

Result<Done> change_one(const Context& context, store::Transaction& transaction,
                        const access::Actor& actor, const std::string& id, const Change& wanted) {
  auto credential = TRY(rows::locked(transaction, id));
  const access::Guarded guarded{"credential", id, credential.fields.site};
  const auto permit = access::authorise(transaction, actor, access::Action::credentials_write,
                                        guarded, context.clock.now());
  if (!permit) return Done{{{}, {{"name", "is there, and not yours to change"}}}};
  return change_in(context, transaction, actor, std::move(credential), wanted);
}

Result<RowDone> import_row(const Context& context, store::Transaction& transaction,
                           const access::Actor& actor, const CsvRow& row, bool update) {
  RowDone out;
  auto wanted = change_of(row, out.problems);
  if (const auto cell = row.maybe("site")) wanted.site = TRY(sites::id_of(transaction, *cell));
  if (!out.problems.empty()) return out;
  const auto id = TRY(credential_of(transaction, *wanted.name));
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
  TRY(access::allowed(actor, access::Action::credentials_write));
  return inventory::import_csv(
      context, actor, columns, text, options,
      [&](store::Transaction& transaction, const CsvRow& row) -> Result<RowDone> {
        return import_row(context, transaction, actor, row, options.update);
      });
}

}  // namespace sp::credentials
