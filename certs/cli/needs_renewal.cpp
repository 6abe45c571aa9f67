#include <charconv>

#include "base/commandline/app.h"
#include "base/tls/certificate.h"
#include "certs/authority/renewal.h"
#include "certs/cli/report.h"

namespace sp::certs {
namespace {

struct Wanted {
  std::filesystem::path file;
  std::string within;
};

/// When it is due: by our rule, or as asked: "30d" before its end, or after "75%" of its life.
Result<Instant> due_at(const X509& leaf, const std::string& within) {
  if (within.empty()) return renewal_due(leaf);
  if (!within.ends_with('%')) {
    const auto before = TRY(parse_duration(within).within("--expires-in"));
    return tls::not_after(leaf) - before;
  }
  unsigned percent = 0;
  const auto [end, error] =
      std::from_chars(within.data(), within.data() + within.size() - 1, percent);
  if (error != std::errc{} || end != within.data() + within.size() - 1 || percent > 100)
    return Error{Code::invalid_input, "--expires-in is a time like 30d, or a part like 75%"};
  const auto from = tls::not_before(leaf);
  return from + (tls::not_after(leaf) - from) * percent / 100;
}

Outcome needs_renewal(const Wanted& wanted, Context& context) {
  auto loaded = load_leaf(wanted.file);
  // 1 would mean "not due".
  if (!loaded && loaded.error().code() == Code::not_found)
    return Error{Code::invalid_input, loaded.error().detail()};
  const auto leaf = TRY(std::move(loaded));
  const auto due = TRY(due_at(*leaf, wanted.within));
  const auto now = context.clock.now();
  const auto until = tls::not_after(*leaf);
  context.no = now < due;
  Report report;
  report.add("file", "certificate", wanted.file.string())
      .add("due", "due", !context.no)
      .add("due_at", "due at", rfc3339(due))
      .add("valid_until", "valid until", rfc3339(until))
      .add("days_left", "", std::chrono::floor<std::chrono::days>(until - now).count())
      .print(context);
  context.next = context.no ? "nothing to do before then"
                            : "renew it the way it was made: ca renew, self-signed, acme, or csr";
  return {};
}

}  // namespace

void add_needs_renewal(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "needs-renewal",
      "Exit code 0 when a certificate is due (two thirds of its life), 1 when not");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("FILE", wanted->file, "Certificate, PEM")->required();
  command->add_option("--expires-in", wanted->within,
                      "Due so long before its end (30d), or after a part of its life (75%)");
  command->callback([wanted, &context] { context.outcome = needs_renewal(*wanted, context); });
}

}  // namespace sp::certs
