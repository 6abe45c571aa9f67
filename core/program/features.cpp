#include "core/program/features.h"

#include "core/api/feature_routes.h"
#include "core/messages/running.h"

namespace sp::core {
namespace {

messages::Context context_of(api::Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

// Messages, edges and mail. Their threads begin here and wait for work: without an edge in the
// database there is none.
class Wired final : public Features {
 public:
  Wired(const Config&, api::Core& core, api::Router& router)
      : running_(context_of(core), core.settings, core.people, core.site_url) {
    api::add_message_routes(router, core, running_.sender(), running_.wake());
    api::add_upload_routes(router, core);
    api::add_edge_routes(router, core, running_.supervisor(), running_.traffic());
    api::add_compat_routes(router, core, running_.sender());
  }
  Outcome start() override { return {}; }
  void stop() override { running_.stop(); }
  api::SendTestMail test_mail() override {
    return [this](const settings::Values& values, const std::string& to) {
      return running_.send_test_mail(values, to);
    };
  }

 private:
  messages::Running running_;
};

}  // namespace

Result<std::unique_ptr<Features>> Features::make(const Config& config, api::Core& core,
                                                 api::Router& router) {
  return std::unique_ptr<Features>{std::make_unique<Wired>(config, core, router)};
}

}  // namespace sp::core
