#include "core/program/foundation.h"

namespace sp::core {

Result<std::unique_ptr<store::Store>> open_store(const Config& config, const Clock& clock) {
  auto store = TRY(
      store::Store::open({.url = config.database_url, .connections = config.database_connections}));
  TRY(store->migrate(clock));
  return store;
}

Foundation::Foundation(std::unique_ptr<store::Store> store,
                       std::unique_ptr<keyring::Keyring> keyring, Random& random,
                       const Clock& clock, std::string site_url)
    : store_(std::move(store)),
      keyring_(std::move(keyring)),
      audit_(*keyring_, clock),
      hasher_({}, random),
      people_(*store_, audit_, *keyring_, hasher_, random, clock),
      settings_(*store_, *keyring_, audit_, clock),
      core_{*store_, *keyring_, audit_, people_, settings_, random, clock, std::move(site_url)} {}

Result<std::unique_ptr<Foundation>> Foundation::open(const Config& config, Random& random,
                                                     const Clock& clock) {
  const auto half = TRY(keyring::read_root_half(config.root_key.string()));
  auto store = TRY(open_store(config, clock));
  auto keyring = TRY(keyring::Keyring::open(*store, half, random));
  return std::unique_ptr<Foundation>{
      new Foundation{std::move(store), std::move(keyring), random, clock, config.site_url}};
}

}  // namespace sp::core
