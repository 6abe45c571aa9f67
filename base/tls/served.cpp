#include "base/tls/served.h"

#include <sys/stat.h>

#include <utility>

#include "base/bytes/bytes.h"
#include "base/log/log.h"
#include "base/tls/self_check.h"

namespace sp::tls {

Served::Served(ServedOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(&clock) {}

Result<std::unique_ptr<Served>> Served::open(ServedOptions options, const Clock& clock) {
  std::unique_ptr<Served> served{new Served{std::move(options), clock}};
  served->signature_ = served->signature();
  const auto identity = TRY(load_identity(served->options_.chain, served->options_.key));
  served->shown_ = TRY(ShownCertificate::of(identity));
  served->complain();
  return served;
}

void Served::complain() const {
  const auto known = facts();
  const auto now = clock_->now();
  const auto say = [&](std::string_view event, std::string_view what, const std::string& value,
                       std::string_view todo) {
    log::error(event, {{"file", options_.chain.string()}, {what, value}, {"todo", todo}});
  };
  if (known.not_after <= now)
    say("certificate_expired", "since", rfc3339(known.not_after),
        "renew it; it is served meanwhile");
  if (known.not_before > now)
    say("certificate_not_yet_valid", "from", rfc3339(known.not_before),
        "check this machine's clock");
  if (!options_.host.empty() && !covers(known.names, options_.host))
    say("certificate_of_another_name", "host", options_.host,
        "issue one for this name, unless a proxy with its own certificate stands in front");
}

Result<openssl::SslCtx> Served::context() const {
  return server_for(options_.role, shown_);
}

std::string Served::host_to_ask_for() const {
  return covers(facts().names, options_.host) ? options_.host : std::string{};
}

Outcome Served::take() {
  // First, so that a file that changes while it is read is read again.
  const auto read = signature();
  const auto identity = TRY(load_identity(options_.chain, options_.key));
  TRY(self_check(identity, {options_.role, host_to_ask_for(), clock_->now()}));
  const auto leaf = TRY(parse_certificate(identity.chain_pem));
  if (options_.same_key && spki_pin(*leaf) != facts().pin)
    return Error{Code::conflict,
                 "the new certificate has another key than the other side knows: renew it with "
                 "its key, or enrol again"};
  TRY(shown_->replace(identity));
  signature_ = read;
  return {};
}

Outcome Served::follow(std::filesystem::path chain, std::filesystem::path key) {
  const std::lock_guard lock{mutex_};
  std::swap(options_.chain, chain);
  std::swap(options_.key, key);
  const bool same_key = std::exchange(options_.same_key, false);
  auto outcome = take();
  tell(outcome);
  if (outcome) return outcome;
  options_.same_key = same_key;
  options_.chain = std::move(chain);
  options_.key = std::move(key);
  return outcome;
}

Outcome Served::reload() {
  const std::lock_guard lock{mutex_};
  auto outcome = take();
  tell(outcome);
  return outcome;
}

std::optional<Outcome> Served::poll() {
  const std::lock_guard lock{mutex_};
  if (signature() == signature_) return std::nullopt;
  auto outcome = take();
  if (!outcome && outcome.error().detail() == refused_) return std::nullopt;
  tell(outcome);
  return outcome;
}

void Served::tell(const Outcome& outcome) {
  refused_ = outcome ? std::string{} : outcome.error().detail();
  const auto file = options_.chain.string();
  const auto shows = facts();
  if (outcome)
    return log::info("certificate_reloaded", {{"file", file},
                                              {"ends", rfc3339(shows.not_after)},
                                              {"fingerprint", bytes::hex(shows.fingerprint)}});
  log::error("certificate_refused", outcome.error(),
             {{"file", file}, {"still_serves_until", rfc3339(shows.not_after)}});
}

Served::Signature Served::signature() const {
  Signature out{};
  auto* next = out.data();
  for (const auto* path : {&options_.chain, &options_.key}) {
    struct stat found {};
    const bool there = ::stat(path->c_str(), &found) == 0;
    for (const auto part :
         {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino),
          static_cast<std::uint64_t>(found.st_size),
          static_cast<std::uint64_t>(found.st_mtim.tv_sec),
          static_cast<std::uint64_t>(found.st_mtim.tv_nsec)})
      *next++ = there ? part : 0;
  }
  return out;
}

}  // namespace sp::tls
