#include "base/config/files.h"
#include "certs/acme/keeper.h"

namespace sp::acme {
namespace {

namespace fs = std::filesystem;

fs::path next_folder(const fs::path& folder) {
  return folder / "next";
}

// A change of key that was interrupted after the CA took the new one: the old one is worthless.
// Before that, the new one is.
Result<Key> settle(Session& session, const fs::path& folder, Key key) {
  auto next = load_account_key(next_folder(folder));
  if (!next) return key;
  const auto pem = TRY(next->pem());
  auto found = find_account(session, *std::move(next));
  if (!found && found.error().code() != Code::forbidden) return std::move(found).error();
  if (found) {
    key = TRY(Key::parse(pem));
    TRY(save_account_key(folder, key));
  }
  std::error_code ignored;
  fs::remove_all(next_folder(folder), ignored);
  return key;
}

}  // namespace

Result<Account> open_account(Session& session, const fs::path& folder) {
  auto key = load_account_key(folder);
  if (!key && key.error().code() == Code::not_found)
    return Error{Code::conflict, "there is no account in " + folder.string() +
                                     ": make one with sallyport-certs acme register --account " +
                                     folder.string()};
  if (!key) return std::move(key).error();
  auto settled = TRY(settle(session, folder, *std::move(key)));
  auto saved = load_account(folder);
  if (saved && saved->directory == session.directory_url())
    return Account{std::move(settled), saved->url};
  if (saved)
    return Error{Code::conflict, "the account in " + folder.string() + " is one with " +
                                     saved->directory + "; name another folder with --account"};
  // Registered and killed before it was written down.
  auto found = TRY(find_account(session, std::move(settled)));
  TRY(save_account(folder, {session.directory_url(), found.url, {}}));
  return found;
}

Result<Account> make_account(Session& session, const fs::path& folder, const std::string& ca_file,
                             const Registration& wanted) {
  if (const auto saved = load_account(folder); saved && saved->directory != session.directory_url())
    return Error{Code::conflict, "the account in " + folder.string() + " is one with " +
                                     saved->directory + "; name another folder with --account"};
  auto key = load_account_key(folder);
  if (!key) {
    if (key.error().code() != Code::not_found) return std::move(key).error();
    key = TRY(Key::create());
    TRY(save_account_key(folder, *key));
  }
  auto settled = TRY(settle(session, folder, *std::move(key)));
  auto account = TRY(register_account(session, std::move(settled), wanted));
  TRY(save_account(folder, {session.directory_url(), account.url, ca_file}));
  return account;
}

Outcome renew_account_key(Session& session, const fs::path& folder) {
  const auto account = TRY(open_account(session, folder));
  auto next = TRY(Key::create());
  TRY(save_account_key(next_folder(folder), next));  // before the CA knows it
  const auto changed = TRY(change_key(session, account, std::move(next)));
  TRY(save_account_key(folder, changed.key));
  std::error_code ignored;
  fs::remove_all(next_folder(folder), ignored);
  return {};
}

}  // namespace sp::acme
