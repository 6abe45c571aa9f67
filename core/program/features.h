#pragma once
// Where features join the program: their routes, and what works in the background.

#include <memory>

#include "base/tls/shown.h"
#include "core/api/core.h"
#include "core/api/router.h"
#include "core/api/routes.h"
#include "core/program/config.h"

namespace sp::core {

class Features {
 public:
  /// Adds the features' routes to `router` and makes what they need. `shown` is what the site's
  /// listener shows, to be watched; null where there is none.
  static Result<std::unique_ptr<Features>> make(const Config& config, api::Core& core,
                                                api::Router& router,
                                                std::shared_ptr<const tls::ShownCertificate> shown);
  virtual ~Features() = default;
  /// Begins background work: links to the edges, the mail queue.
  virtual Outcome start() = 0;
  /// Ends answers that go on for as long as somebody reads them, without waiting.
  virtual void end_long_answers() = 0;
  /// Ends it and waits.
  virtual void stop() = 0;
  /// For the settings' "send a test mail".
  [[nodiscard]] virtual api::SendTestMail test_mail() = 0;
};

}  // namespace sp::core
