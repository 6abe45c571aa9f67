#include "core/certificates/watch.h"

#include <algorithm>
#include <tuple>

#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "base/tls/certificate.h"
#include "core/certificates/internal/rows.h"
#include "core/certificates/letter.h"
#include "core/certificates/post.h"
#include "core/edges/edge.h"
#include "core/mail/queue.h"

namespace sp::certificates {
namespace {

using namespace std::chrono_literals;
constexpr auto look_every = 15s;

// What clients dial where this certificate is shown; nobody dials a root, and the core dials an
// intake by its pin.
std::string host_of(const Certificate& certificate, const edges::Edge* edge,
                    const std::string& site_url) {
  if (certificate.place == Place::site) return tls::host_of(site_url);
  if (certificate.place == Place::portal && edge != nullptr) return tls::host_of(edge->public_url);
  return {};
}

struct Standing {
  Watched watched;
  std::optional<int> noted, mailed;
};

Result<std::vector<Standing>> standing(store::Store& store, const std::string& site_url,
                                       Instant now) {
  const auto edges = TRY(edges::list(store));
  const auto rows =
      TRY(store.read([](store::Transaction& transaction) { return rows::all(transaction); }));
  std::vector<Standing> out;
  for (const auto& row : rows) {
    const auto edge = std::ranges::find(edges, row.certificate.owner, &edges::Edge::id);
    const auto* known = edge == edges.end() ? nullptr : &*edge;
    if (!row.certificate.owner.empty() && known == nullptr) continue;
    const auto host = host_of(row.certificate, known, site_url);
    out.push_back(
        {{row.certificate, known == nullptr ? "" : known->name, judge(row.certificate, host, now)},
         row.noted,
         row.mailed});
  }
  const auto order = [](const Standing& one) {
    const auto& [owner, certificate] = std::tie(one.watched.owner_name, one.watched.certificate);
    return std::tuple{owner, certificate.place, certificate.fingerprint};
  };
  std::ranges::sort(out, {}, order);
  return out;
}

audit::Entry entry_of(const Watched& watched) {
  const auto& certificate = watched.certificate;
  audit::Entry entry{.event = audit::Event::certificate_expiring};
  entry.actor = audit::the_system();
  entry.object = {"certificate", bytes::hex(certificate.fingerprint),
                  certificate.names.empty() ? certificate.issuer : certificate.names.front()};
  entry.details = {{audit::Detail::expires_at, rfc3339(certificate.not_after)},
                   {audit::Detail::left, std::to_string(watched.verdict.days_left)},
                   {audit::Detail::reason, std::string{name(certificate.place)}}};
  if (!watched.owner_name.empty())
    entry.details.emplace_back(audit::Detail::edge, watched.owner_name);
  return entry;
}

Outcome note(const Context& context, const Watched& watched, int threshold) {
  return context.store.write([&](store::Transaction& transaction) -> Outcome {
    if (!TRY(rows::claim(transaction, watched.certificate, rows::Told::noted, threshold)))
      return {};
    return context.audit.append(transaction, entry_of(watched));
  });
}

Result<int> mail_all(const Context& context, const Watched& watched, const Post& post,
                     int threshold) {
  if (post.to.empty()) return 0;
  const auto now = context.clock.now();
  return context.store.write([&](store::Transaction& transaction) -> Result<int> {
    if (!TRY(rows::claim(transaction, watched.certificate, rows::Told::mailed, threshold)))
      return 0;
    for (const auto& to : post.to)
      TRY(mail::enqueue({context.store, context.keyring, context.clock, context.random},
                        transaction, warning(watched, post.settings, context.site_url, to, now)));
    return static_cast<int>(post.to.size());
  });
}

bool is_news(const std::optional<int>& told, int threshold) {
  return !told || *told > threshold;
}

Result<int> tell(const Context& context) {
  const auto now = context.clock.now();
  std::optional<Post> post;
  int mails = 0;
  for (const auto& one : TRY(standing(context.store, context.site_url, now))) {
    const auto threshold = threshold_reached(one.watched.certificate, now);
    if (!threshold) continue;
    if (is_news(one.noted, *threshold)) TRY(note(context, one.watched, *threshold));
    if (!is_news(one.mailed, *threshold)) continue;
    if (!post) post = TRY(post_of(context.settings, context.people));
    mails += TRY(mail_all(context, one.watched, *post, *threshold));
  }
  return mails;
}

}  // namespace

Result<std::vector<Watched>> list(store::Store& store, const std::string& site_url, Instant now) {
  std::vector<Watched> out;
  for (auto& one : TRY(standing(store, site_url, now))) out.push_back(std::move(one.watched));
  return out;
}

Result<int> Watch::round(const Context& context, const Look& look) {
  const auto seen = look();
  auto recorded = context.store.write([&](store::Transaction& transaction) -> Outcome {
    for (const auto& certificate : seen) TRY(rows::record(transaction, certificate));
    return rows::forget(transaction, context.clock.now());
  });
  TRY(std::move(recorded));
  return tell(context);
}

Watch::Watch(Context context, Look look, std::function<void()> wake_mailer)
    : context_(std::move(context)),
      look_(std::move(look)),
      wake_mailer_(std::move(wake_mailer)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Watch::~Watch() {
  stop();
}

void Watch::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Watch::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto mails = round(context_, look_);
    if (!mails)
      log::warning("certificates_not_watched", {{"code", sp::name(mails.error().code())}});
    if (mails.value_or(0) > 0) wake_mailer_();
    std::unique_lock lock{mutex_};
    sleep_.wait_for(lock, stop, look_every, [] { return false; });
  }
}

}  // namespace sp::certificates
