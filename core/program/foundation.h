#pragma once
// What every command stands on: database, keys, audit, people, settings. In the order in which they
// must outlive each other.

#include <memory>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/api/core.h"
#include "core/people/password.h"
#include "core/program/config.h"

namespace sp::core {

class Foundation {
 public:
  /// Opens the database, brings its schema up to date, opens the keyring with the key file.
  static Result<std::unique_ptr<Foundation>> open(const Config& config, Random& random,
                                                  const Clock& clock);
  Foundation(const Foundation&) = delete;
  Foundation& operator=(const Foundation&) = delete;

  api::Core& core() { return core_; }

 private:
  Foundation(std::unique_ptr<store::Store> store, std::unique_ptr<keyring::Keyring> keyring,
             Random& random, const Clock& clock, std::string site_url);

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<keyring::Keyring> keyring_;
  audit::Audit audit_;
  people::Hasher hasher_;
  people::People people_;
  settings::Settings settings_;
  api::Core core_;
};

/// The database alone, migrated; for init.
Result<std::unique_ptr<store::Store>> open_store(const Config& config, const Clock& clock);

}  // namespace sp::core
