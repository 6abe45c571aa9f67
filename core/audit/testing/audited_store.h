#pragma once
// A fresh store with a keyring and an audit log, which nearly every feature's test begins with.

#include <memory>

#include "base/random/random.h"
#include "base/testing/catch.h"
#include "base/testing/manual_clock.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/store/testing/fresh_store.h"

namespace sp::audit::testing {

struct AuditedStore {
  explicit AuditedStore(store::Engine engine, Instant now = sp::testing::ManualClock{}.now())
      : fresh(engine), clock(now) {
    const auto half = random.secret(32);
    REQUIRE(keyring::Keyring::create(fresh.store(), half, random, clock));
    keyring = *keyring::Keyring::open(fresh.store(), half, random);
    audit = std::make_unique<audit::Audit>(*keyring, clock);
  }

  store::testing::FreshStore fresh;
  OsRandom random;
  sp::testing::ManualClock clock;
  std::unique_ptr<keyring::Keyring> keyring;
  std::unique_ptr<audit::Audit> audit;
};

}  // namespace sp::audit::testing
