#include "core/program/features.h"

#include <algorithm>

#include "certs/acme/transport_roots.h"
#include "core/api/feature_routes.h"
#include "core/api/host_session_routes.h"
#include "core/api/order_routes.h"
#include "core/certificates/trust.h"
#include "core/certificates/watch.h"
#include "core/identities/identities.h"
#include "core/messages/running.h"
#include "core/orders/traffic.h"
#include "core/orders/worker.h"

namespace sp::core {
namespace {

messages::Context context_of(api::Core& core) {
  return {core.store, core.keyring, core.audit, core.clock, core.random};
}

certificates::Certificate certificate_of(const tls::Facts& facts, certificates::Place place,
                                         Instant now) {
  certificates::Certificate out;
  out.place = place;
  out.names = facts.names;
  out.issuer = facts.issuer;
  out.not_before = facts.not_before;
  out.not_after = facts.not_after;
  out.fingerprint = facts.fingerprint;
  out.pin = facts.pin;
  out.seen_at = now;
  return out;
}

// An edge may be hostile: what it tells goes into lists and mails, so it is cut to a list's size
// and loses what would break a line.
std::string told(std::string_view text, std::size_t most) {
  std::string out{text.substr(0, most)};
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return out;
}

constexpr std::size_t most_name = 253;
constexpr std::size_t most_words = 200;
const Instant latest = from_millis(253'402'300'799'000);  // the end of the year 9999

certificates::Certificate certificate_of(const pushpull::CertificateReport& report,
                                         certificates::Place place, const std::string& edge,
                                         Instant seen_at) {
  certificates::Certificate out;
  out.owner = edge;
  out.place = place;
  for (const auto& name : report.names)
    if (out.names.size() < pushpull::most_certificate_names)
      out.names.push_back(told(name, most_name));
  out.issuer = told(report.issuer, most_words);
  out.not_before = std::min(report.not_before, latest);
  out.not_after = std::min(report.not_after, latest);
  out.fingerprint = report.fingerprint;
  out.pin = report.pin.bytes;
  out.renewed_by = told(report.renewed_by, most_words);
  out.seen_at = seen_at;
  return out;
}

// What of the core itself is watched.
struct Own {
  std::shared_ptr<const tls::ShownCertificate> shown;
  std::optional<std::filesystem::path> site_ca;
  std::string renewed_by;
};

void look_at_own(const Own& own, Instant now, std::vector<certificates::Certificate>& out) {
  if (own.shown) {
    out.push_back(certificate_of(own.shown->facts(), certificates::Place::site, now));
    out.back().renewed_by = own.renewed_by;
  }
  if (!own.site_ca) return;
  if (const auto root = certificates::read_root(*own.site_ca))
    out.push_back(certificate_of(root->facts, certificates::Place::root, now));
}

void look_at_edges(api::Core& core, const edges::Supervisor& supervisor,
                   std::vector<certificates::Certificate>& out) {
  const auto known = edges::list(core.store);
  if (!known) return;
  for (const auto& edge : *known) {
    const auto health = supervisor.health(edge.id);
    if (!health || !health->last_contact) continue;
    for (const auto& [listener, place] : {std::pair{"public", certificates::Place::portal},
                                          {"intake", certificates::Place::intake}}) {
      const auto report =
          std::ranges::find(health->certificates, listener, &pushpull::CertificateReport::listener);
      if (report != health->certificates.end())
        out.push_back(certificate_of(*report, place, edge.id, *health->last_contact));
    }
  }
}

sessions::Links links_through(edges::Supervisor& supervisor) {
  return {[&supervisor](const std::string& edge) { return supervisor.health(edge); },
          [&supervisor](const std::string& edge) { supervisor.wake(edge); },
          [&supervisor](const std::string& edge, const pushpull::BlobRequest& request) {
            return supervisor.blob(edge, request);
          }};
}

// Of those that the core ordered no edge needs to be told who renews them.
void note_orders(api::Core& core, std::vector<certificates::Certificate>& seen) {
  const auto ordered = orders::shown(core.store);
  if (!ordered) return;
  for (auto& one : seen)
    if (std::ranges::any_of(*ordered, [&](const orders::Shown& it) {
          return it.edge == one.owner && it.fingerprint == one.fingerprint;
        }))
      one.renewed_by = "an order of the core";
}

// Messages, edges and mail. Their threads begin here and wait for work: without an edge in the
// database there is none. The watch begins when the program does: it writes.
class Wired final : public Features {
 public:
  Wired(const Config& config, api::Core& core, api::Router& router,
        std::shared_ptr<const tls::ShownCertificate> shown)
      : core_(core),
        own_{std::move(shown), config.site_ca, config.renewed_by},
        hooks_(config.root_key.parent_path() / "hooks"),
        orders_({core.store, core.keyring, core.audit, core.clock, core.random}, bell_),
        sessions_({core.store, core.keyring, core.audit, core.clock, core.random}),
        identities_({core.store, core.keyring, core.audit, core.clock, core.random},
                    [this](const std::string& edge) { running_.supervisor().wake(edge); }),
        running_(context_of(core), core.settings, core.people, core.site_url, pushpull::tls_channel,
                 {&sessions_.traffic(), &orders_, &identities_}) {
    api::add_message_routes(router, core, running_.sender(), running_.wake());
    api::add_upload_routes(router, core);
    api::add_edge_routes(router, core, running_.supervisor(), running_.traffic());
    api::add_certificate_routes(router, core, config.site_ca);
    api::add_order_routes(router, core, bell_, running_.wake());
    api::add_site_routes(router, core, running_.supervisor());
    api::add_host_routes(router, core);
    api::add_credential_routes(router, core);
    api::add_permission_routes(router, core);
    api::add_compat_routes(router, core, running_.sender());
    api::add_host_session_routes(router, core, sessions_, api::sessions_inventory(core));
  }
  Outcome start() override {
    sessions_.start(links_through(running_.supervisor()));
    identities_.start();
    watch_ = std::make_unique<certificates::Watch>(
        certificates::Context{core_.store, core_.keyring, core_.audit, core_.people, core_.settings,
                              core_.clock, core_.random, core_.site_url},
        [this] { return look(); }, [this] { running_.wake_mailer(); });
    order_worker_ = std::make_unique<orders::Worker>(
        orders::Context{core_.store, core_.keyring, core_.audit, core_.clock, core_.random},
        core_.people, core_.settings, bell_, order_options());
    return {};
  }
  void end_long_answers() override { sessions_.end_watches(); }
  void stop() override {
    if (order_worker_) order_worker_->stop();
    if (watch_) watch_->stop();
    identities_.stop();
    sessions_.end_watches();
    running_.stop();  // whoever waits for an edge's answer gets none
    sessions_.stop();
  }
  api::SendTestMail test_mail() override {
    return [this](const settings::Values& values, const std::string& to) {
      return running_.send_test_mail(values, to);
    };
  }

 private:
  std::vector<certificates::Certificate> look() {
    std::vector<certificates::Certificate> seen;
    look_at_own(own_, core_.clock.now(), seen);
    look_at_edges(core_, running_.supervisor(), seen);
    note_orders(core_, seen);
    return seen;
  }
  orders::WorkerOptions order_options() {
    orders::WorkerOptions options;
    options.hooks = hooks_;
    options.site_url = core_.site_url;
    options.transport = [](const std::string& roots) {
      acme::TransportOptions of;
      of.patience = std::chrono::seconds{20};  // the core's end waits for it
      return acme::https_transport(std::move(of), roots);
    };
    options.wake_edge = running_.wake();
    options.wake_mailer = [this] { running_.wake_mailer(); };
    return options;
  }
  api::Core& core_;
  Own own_;
  std::filesystem::path hooks_;
  orders::Bell bell_;
  orders::OrderTraffic orders_;
  sessions::Running sessions_;  // before the links, which report to it
  identities::Identities identities_;
  messages::Running running_;
  // Last: they end before what they use.
  std::unique_ptr<certificates::Watch> watch_;
  std::unique_ptr<orders::Worker> order_worker_;
};

}  // namespace

Result<std::unique_ptr<Features>> Features::make(
    const Config& config, api::Core& core, api::Router& router,
    std::shared_ptr<const tls::ShownCertificate> shown) {
  return std::unique_ptr<Features>{std::make_unique<Wired>(config, core, router, std::move(shown))};
}

}  // namespace sp::core
