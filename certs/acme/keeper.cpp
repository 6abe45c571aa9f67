#include "certs/acme/keeper.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "certs/acme/request.h"

namespace sp::acme {
namespace {

constexpr Duration least_ask{60'000};
constexpr Duration usual_ask{std::chrono::hours{6}};
constexpr Duration most_ask{std::chrono::days{1}};  // RFC 9773 section 4.3.2 allows clamping

Result<std::vector<Host>> hosts_of(const Settings& settings) {
  std::vector<Host> out;
  for (const auto& name : settings.names) out.push_back(TRY(Host::parse(name)));
  if (out.empty() || out.size() > most_names)
    return Error{Code::invalid_input, "a certificate is for 1 to 100 names"};
  return out;
}

// The next certificate's key: a new one, unless the live one is to be kept and there is one.
Result<Secret> key_for(const Folder& folder, const Settings& settings) {
  auto live = folder.live();
  if (settings.reuse_key && live) return std::move(live->key);
  return new_certificate_key();
}

Outcome obtain_into(Session& session, Folder& folder, const Settings& settings,
                    const MakeSolvers& make_solvers, const std::string& replaces) {
  const auto account = TRY(open_account(session, settings.account));
  const auto hosts = TRY(hosts_of(settings));
  auto fresh = TRY(key_for(folder, settings));
  auto key = TRY(folder.order_key(std::move(fresh)));
  Wanted wanted;
  wanted.order = {hosts, settings.profile, replaces};
  wanted.csr = TRY(request_for(hosts, key));
  wanted.preferred_root = settings.preferred_root;
  const auto solvers = TRY(make_solvers());
  auto chain = TRY(obtain(session, account, wanted, solvers, folder));
  // An order that an earlier run had finalized with a key that is gone cannot be used.
  if (auto good = check_issued(chain, hosts, key); !good) {
    TRY(folder.clear());
    return std::move(good).error().within("run this again");
  }
  TRY(folder.publish({std::move(chain), std::move(key)}));
  TRY(folder.save(Plan{}));
  return folder.clear();
}

struct Look {
  Plan plan;
  std::string id;
};

// What the plan says after the CA was asked, if it was time to.
Result<Look> look_at(Session& session, const Folder& folder, const X509& leaf) {
  Look out;
  out.id = renewal_id(leaf).value_or("serial " + std::to_string(to_millis(tls::not_after(leaf))));
  const Life life{tls::not_before(leaf), tls::not_after(leaf)};
  out.plan = TRY(folder.plan());
  std::optional<Window> window;
  const auto now = session.world().clock.now();
  const bool known = out.plan.of == out.id;
  if (!known || !out.plan.ask_at || *out.plan.ask_at <= now) {
    auto asked = ask_window(session, out.id);
    if (asked) window = *asked;
    if (!asked) log::warning("acme.no_renewal_information", {{"reason", asked.error().detail()}});
    out.plan.ask_at =
        now + std::clamp(session.retry_after().value_or(usual_ask), least_ask, most_ask);
  }
  out.plan = planned(std::move(out.plan), out.id, life, window, session.world().random);
  return out;
}

std::string why(const Plan& plan) {
  if (plan.revoked) return "it was revoked";
  if (!plan.window) return "by its life, for the CA gives no advice";
  return "the CA suggests " + rfc3339(plan.window->start) + " to " + rfc3339(plan.window->end) +
         (plan.window->explanation.empty() ? "" : ", see " + plan.window->explanation);
}

// A CA may advise earlier than we would, and later, but not to let it end.
Instant latest(const Life& life) {
  return life.until - (life.until - life.from) / 10;
}

}  // namespace

Plan planned(Plan plan, const std::string& id, const Life& life,
             const std::optional<Window>& window, Random& random) {
  if (plan.of != id) {
    const auto ask_at = plan.ask_at;
    plan = Plan{};
    plan.of = id;
    plan.ask_at = ask_at;
    plan.due = renewal_without_advice(life, random_part(random));
  }
  // The same window again keeps the point that was chosen in it.
  if (window && window != plan.window) {
    plan.window = window;
    plan.due = std::min(point_in(*window, random_part(random)), latest(life));
  }
  return plan;
}

Outcome issue(Session& session, Folder& folder, const Settings& settings,
              const MakeSolvers& make_solvers) {
  TRY(obtain_into(session, folder, settings, make_solvers, {}));
  return folder.save(settings);
}

Result<Renewed> renew(Session& session, Folder& folder, const MakeSolvers& make_solvers,
                      When when) {
  const auto settings = TRY(folder.settings());
  const auto live = TRY(folder.live());
  const auto leaf = TRY(tls::parse_certificate(live.chain));
  auto [plan, id] = TRY(look_at(session, folder, *leaf));
  TRY(folder.save(plan));
  const auto now = session.now();
  Renewed out{false, plan.revoked || plan.due <= now, plan.due, why(plan)};
  if (when == When::never || (when == When::due && !out.is_due)) return out;
  if (when == When::due && plan.not_before && now < *plan.not_before)
    return Renewed{false, false, *plan.not_before,
                   std::to_string(plan.failures) +
                       " attempts failed, so the next one waits; --force does not wait"};
  const bool has_id = id.find('.') != std::string::npos;
  auto done = obtain_into(session, folder, settings, make_solvers, has_id ? id : std::string{});
  out.done = done.has_value();
  if (done) return out;
  plan.failures += 1;
  plan.not_before = now + back_off(plan.failures, tls::not_after(*leaf) - now);
  TRY(folder.save(plan));
  return std::move(done).error();
}

Outcome revoke_live(Session& session, Folder& folder, std::optional<int> reason) {
  const auto settings = TRY(folder.settings());
  const auto live = TRY(folder.live());
  const auto leaf = TRY(tls::parse_certificate(live.chain));
  const auto account = TRY(open_account(session, settings.account));
  unsigned char* raw = nullptr;
  const int size = ::i2d_X509(leaf.get(), &raw);
  if (size <= 0) return openssl::failure("write certificate");
  const std::unique_ptr<unsigned char, decltype([](unsigned char* data) { OPENSSL_free(data); })>
      der{raw};
  TRY(revoke(session, account, std::as_bytes(std::span{der.get(), static_cast<std::size_t>(size)}),
             reason));
  auto plan = TRY(folder.plan());
  plan.of = renewal_id(*leaf).value_or("");
  plan.revoked = true;
  return folder.save(plan);
}

}  // namespace sp::acme
