#pragma once
// What every feature's routes stand on. References outlive the server.

#include <string>

#include "base/random/random.h"
#include "base/time/clock.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/people/people.h"
#include "core/settings/settings.h"
#include "core/store/store.h"

namespace sp::api {

struct Core {
  store::Store& store;
  keyring::Keyring& keyring;
  audit::Audit& audit;
  people::People& people;
  settings::Settings& settings;
  Random& random;
  const Clock& clock;
  std::string site_url;  ///< "https://core.example", no slash at the end
};

}  // namespace sp::api
