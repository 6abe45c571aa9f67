#include "certs/acme/prove.h"

#include <algorithm>

#include "base/log/log.h"
#include "certs/acme/order.h"

namespace sp::acme {
namespace {

std::string_view type_of(ChallengeKind kind) {
  return kind == ChallengeKind::http_01 ? "http-01" : "dns-01";
}

struct Proof {
  std::string authorization;
  std::string name;  // as the order has it
  Offer offer;
  Challenge challenge;
  ChallengeSolver* solver = nullptr;
};

Result<Authorization> read(Session& session, const Account& account, const std::string& url) {
  const auto answer = TRY(session.post(url, {}, account.signer(), "read an authorization"));
  return decode_authorization(answer.body);
}

std::string name_of(const Authorization& authorization) {
  return (authorization.wildcard ? "*." : "") + authorization.host.text;
}

// A wildcard can be proved by DNS alone, an address by HTTP alone (RFC 8555 section 8, RFC 8738).
bool fits(const Authorization& authorization, ChallengeKind kind) {
  if (authorization.wildcard) return kind == ChallengeKind::dns_01;
  return kind == ChallengeKind::http_01 || authorization.host.kind == Host::Kind::dns;
}

Error no_solver(const Authorization& authorization) {
  const auto name = name_of(authorization);
  if (authorization.wildcard)
    return {Code::invalid_input, name + " is a wildcard: it needs --dns-01"};
  return {Code::invalid_input, name +
                                   ": the CA offers no challenge that can be answered here; give "
                                   "--http-01 or --dns-01"};
}

Result<Proof> plan(const Authorization& authorization, const std::string& url,
                   const Account& account, const Solvers& solvers) {
  for (const auto& solver : solvers) {
    if (!fits(authorization, solver->kind())) continue;
    const auto offer =
        std::ranges::find(authorization.offers, type_of(solver->kind()), &Offer::type);
    if (offer == authorization.offers.end() || offer->token.empty()) continue;
    Challenge challenge{solver->kind(), authorization.host.text, offer->token,
                        offer->token + "." + account.key.thumbprint()};
    return Proof{url, name_of(authorization), *offer, std::move(challenge), solver.get()};
  }
  return no_solver(authorization);
}

Error failed(const Authorization& authorization) {
  for (const auto& offer : authorization.offers)
    if (offer.problem)
      // Not the code of the words: it is the site that must be put right, not a permission.
      return {Code::unavailable,
              error_of(*offer.problem, "the CA could not verify " + name_of(authorization) +
                                           " by " + plain(offer.type, 20))
                  .detail()};
  return {Code::unavailable, "the CA could not verify " + name_of(authorization)};
}

Outcome wait_until_valid(Session& session, const Account& account, const Proof& proof) {
  auto step = "verify " + proof.name;
  const auto look = [&]() -> Result<std::optional<bool>> {
    const auto now = TRY(read(session, account, proof.authorization));
    if (now.status == Status::valid) return std::optional{true};
    if (now.status == Status::pending) return std::optional<bool>{};
    return failed(now);
  };
  TRY(session.poll<bool>(look, step));
  return {};
}

Outcome present(const std::vector<Proof>& proofs, Pending& pending, Journal& journal) {
  for (const auto& proof : proofs) pending.presented.push_back(proof.challenge);
  TRY(journal.save(pending));
  for (const auto& proof : proofs) TRY(proof.solver->present(proof.challenge).within(proof.name));
  return {};
}

Outcome tell(Session& session, const Account& account, const std::vector<Proof>& proofs) {
  for (const auto& proof : proofs)
    if (proof.offer.status == Status::pending)
      TRY(session.post(proof.offer.url, "{}", account.signer(), "answer for " + proof.name));
  return {};
}

// All of them are waited for, so that one run shows everything that must be put right.
Outcome wait_for_all(Session& session, const Account& account, const std::vector<Proof>& proofs) {
  std::optional<Error> first;
  for (const auto& proof : proofs) {
    auto done = wait_until_valid(session, account, proof);
    if (done) continue;
    if (!first)
      first = std::move(done).error();
    else
      first = Error{first->code(), first->detail() + "; " + done.error().detail()};
  }
  if (first) return *std::move(first);
  return {};
}

}  // namespace

void take_away(const Solvers& solvers, Pending& pending, Journal& journal) {
  for (const auto& challenge : pending.presented)
    for (const auto& solver : solvers)
      if (solver->kind() == challenge.kind)
        if (const auto removed = solver->remove(challenge); !removed)
          log::error("acme.challenge_left", removed.error(), {{"domain", challenge.domain}});
  pending.presented.clear();
  if (const auto saved = journal.save(pending); !saved)
    log::error("acme.journal_failed", saved.error());
}

Outcome prove(Session& session, const Account& account, const Order& order, const Solvers& solvers,
              Pending& pending, Journal& journal) {
  if (!pending.presented.empty()) take_away(solvers, pending, journal);  // of a run that was killed
  std::vector<Proof> proofs;
  for (const auto& url : order.authorizations) {
    const auto authorization = TRY(read(session, account, url));
    if (authorization.status == Status::valid) continue;
    if (authorization.status != Status::pending) return failed(authorization);
    proofs.push_back(TRY(plan(authorization, url, account, solvers)));
  }
  if (proofs.empty()) return {};
  auto done = present(proofs, pending, journal);
  if (done) done = tell(session, account, proofs);
  if (done) done = wait_for_all(session, account, proofs);
  take_away(solvers, pending, journal);
  return done;
}

}  // namespace sp::acme
