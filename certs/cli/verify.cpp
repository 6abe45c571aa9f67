#include "certs/verify/verify.h"

#include <ostream>

#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/cli/judging.h"
#include "certs/x509/pem.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path chain;
  std::filesystem::path roots;
  std::filesystem::path crls;
  std::string host;
  std::vector<std::string> mailboxes;
  std::string purpose = "server";
  std::string policy = "webpki";
  std::string time;
  std::optional<std::size_t> max_depth;
  bool second_opinion = false;
};

Result<std::optional<Instant>> moment(const std::string& text, const Clock& clock) {
  if (text == "none") return std::optional<Instant>{};
  if (text.empty()) return std::optional{clock.now()};
  return std::optional{TRY(parse_rfc3339(text).within("--time"))};
}

Result<verify::Question> question(const Wanted& wanted, const Clock& clock) {
  const auto chain = TRY(given(config::read_file(wanted.chain, largest_file)));
  const auto roots = TRY(given(config::read_file(wanted.roots, largest_file)));
  const auto trusted = TRY(verify::roots_in(roots));
  Bytes crls;
  if (!wanted.crls.empty()) crls = TRY(given(config::read_file(wanted.crls, largest_file)));
  auto all = TRY(verify::question_of({chain, crls}, trusted));
  all.host = wanted.host;
  all.mailboxes = wanted.mailboxes;
  all.purpose = wanted.purpose == "client" ? verify::Purpose::client : verify::Purpose::server;
  all.policy = wanted.policy == "rfc5280" ? verify::Policy::rfc5280 : verify::Policy::webpki;
  all.at = TRY(moment(wanted.time, clock));
  all.max_depth = wanted.max_depth;
  return all;
}

void print(const verify::Verdict& verdict, const Second& second, Context& context) {
  if (context.json) {
    context.out << verdict_json(verdict, second) << "\n";
    return;
  }
  context.out << (verdict.accepted ? "accepted: " : "refused: ") << verdict.reason << "\n";
  for (const auto* one : verdict.path) context.out << "  " << name_text(one->view.subject) << "\n";
  if (second)
    context.out << "second opinion: " << (second->accepted ? "accepted: " : "refused: ")
                << second->reason << "\n";
}

Outcome verify_chain(const Wanted& wanted, Context& context) {
  verify::Verdict verdict;
  Second second;
  const auto asked = question(wanted, context.clock);
  if (!asked && asked.error().code() != Code::corrupt) return asked.error();
  if (asked) {
    verdict = verify::judge(*asked, PublicSuffixes::load());
    if (wanted.second_opinion) second = verify::opinion_of_mbedtls(*asked, verdict.path);
  } else {
    verdict.reason = asked.error().detail();
  }
  print(verdict, second, context);
  context.no = !verdict.accepted || (second && !second->accepted);
  context.next = context.no ? "do what the reason says, then verify again" : "nothing to do";
  return {};
}

}  // namespace

void add_verify(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "verify", "Say whether a chain leads from a certificate to a trusted root, for a purpose");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--chain", wanted->chain, "Certificate and intermediates, PEM, leaf first")
      ->required();
  command->add_option("--root", wanted->roots, "Trusted roots, PEM")->required();
  command->add_option("--host", wanted->host, "DNS name or IP address that it must be for");
  command->add_option("--email", wanted->mailboxes, "Mailbox that it must be for; may be repeated");
  command->add_option("--purpose", wanted->purpose, "What it is used for")
      ->one_of({"server", "client"})
      ->capture_default_str();
  command->add_option(
      "--time", wanted->time,
      "Moment to judge at, as 2026-11-24T12:00:00Z; none leaves dates out (default: now)");
  command->add_option("--crl", wanted->crls,
                      "Revocation lists, PEM; then the leaf's issuer needs one");
  command->add_option("--max-depth", wanted->max_depth,
                      "Most intermediates, not counting self-issued");
  command->add_option("--policy", wanted->policy, "Whose rules: webpki as browsers, or rfc5280")
      ->one_of({"webpki", "rfc5280"})
      ->capture_default_str();
  command->add_flag("--second-opinion", wanted->second_opinion,
                    "Ask Mbed TLS too; both must accept");
  command->callback([wanted, &context] { context.outcome = verify_chain(*wanted, context); });
}

}  // namespace sp::certs
