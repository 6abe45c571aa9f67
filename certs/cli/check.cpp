#include "certs/check/check.h"

#include <algorithm>
#include <ostream>

#include "base/commandline/app.h"
#include "base/config/files.h"
#include "certs/check/fetch.h"
#include "certs/cli/judging.h"
#include "certs/x509/pem.h"

namespace sp::certs {
namespace {

// Where the distribution keeps the roots that clients bring with them.
constexpr std::string_view public_roots = "/etc/ssl/certs/ca-certificates.crt";

struct Wanted {
  std::vector<std::string> sources;
  std::filesystem::path key;
  std::filesystem::path roots;
  std::string host;
  bool as_public = false;
};

/// What all sources are judged by.
struct Bench {
  verify::Roots roots;
  bool roots_are_public = true;
  openssl::Pkey key;
  PublicSuffixes suffixes;
};

Result<openssl::Pkey> key_in(const std::filesystem::path& file) {
  import::Pile pile;
  const auto secret = TRY(given(config::read_secret_file(file)));
  TRY(import::add(pile, secret, {}, file.string()));
  if (pile.keys.empty())
    return Error{Code::invalid_input,
                 file.string() + " holds no key: name the one of the certificate"};
  return std::move(pile.keys.front());
}

Result<Bench> bench_for(const Wanted& wanted) {
  Bench bench{{}, wanted.roots.empty(), {}, PublicSuffixes::load()};
  Bytes file;
  if (wanted.roots.empty())
    file = config::read_file(public_roots, largest_file).value_or(Bytes{});
  else
    file = TRY(given(config::read_file(wanted.roots, largest_file)));
  bench.roots = TRY(verify::roots_in(file));
  if (!wanted.key.empty()) bench.key = TRY(key_in(wanted.key));
  return bench;
}

Result<check::Report> examine(const std::string& source, const Wanted& wanted, const Bench& bench,
                              Instant now) {
  check::Subject subject{.chain = {},
                         .roots = bench.roots,
                         .roots_are_public = bench.roots_are_public,
                         .as_public = wanted.as_public,
                         .host = wanted.host,
                         .key = bench.key.get(),
                         .now = now};
  if (source.starts_with("https://")) {
    const auto address = TRY(check::parse_url(source));
    subject.chain = TRY(check::chain_shown_by(address));
    if (subject.host.empty()) subject.host = address.host;
  } else {
    const auto file = TRY(given(config::read_file(source, largest_file)));
    subject.chain = TRY(certificates_in(file));
  }
  return check::examine(subject, bench.suffixes);
}

std::string_view yes_or_no(const check::Answer& answer) {
  return answer.good ? "good: " : "bad:  ";
}

void print(const check::Report& report, std::ostream& out) {
  out << "subject:   " << report.subject << "\nissuer:    " << report.issuer << "\nfor:      ";
  for (const auto& name : report.names) out << " " << name;
  out << "\ndates      " << yes_or_no(report.dates) << report.dates.sentence << "\nchain      "
      << yes_or_no(report.chain) << report.chain.sentence << "\n";
  if (report.host) out << "host       " << yes_or_no(*report.host) << report.host->sentence << "\n";
  if (report.key) out << "key        " << yes_or_no(*report.key) << report.key->sentence << "\n";
  for (const auto& one : report.findings)
    out << lint::name(one.severity) << ": " << one.sentence << " [" << one.id << ", "
        << one.citation << "]\n";
  for (const auto& one : report.clients)
    out << one.client << (one.accepts ? ": " : ": refuses it: ") << one.sentence << "\n";
}

void print(const std::vector<Checked>& all, Context& context) {
  if (context.json) {
    context.out << checked_json(all) << "\n";
    return;
  }
  for (const auto& one : all) {
    if (&one != &all.front()) context.out << "\n";
    if (all.size() > 1) context.out << one.source << "\n";
    if (one.report)
      print(*one.report, context.out);
    else
      context.out << "error: " << one.report.error().detail() << "\n";
  }
}

Outcome check_all(const Wanted& wanted, Context& context) {
  const auto bench = TRY(bench_for(wanted));
  std::vector<Checked> all;
  for (const auto& source : wanted.sources)
    all.push_back({source, examine(source, wanted, bench, context.clock.now())});
  // One that cannot be read is a failure by itself; among several it is one of the answers.
  if (all.size() == 1 && !all.front().report) return all.front().report.error();
  print(all, context);
  context.no = std::ranges::any_of(
      all, [](const Checked& one) { return !one.report || !one.report->good(); });
  context.next = context.no
                     ? "do what the lines marked bad, error and refuses say, then check again"
                     : "nothing to do";
  return {};
}

}  // namespace

void add_check(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "check", "Say all that is wrong with a server's certificate, and what each client will say");
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option("SOURCE", wanted->sources,
                   "Files (PEM or DER, leaf first), or https:// addresses")
      ->required();
  command->add_option("--key", wanted->key, "Key that must be the certificate's");
  command->add_option("--host", wanted->host, "DNS name or IP address that it must be for");
  command->add_option("--root", wanted->roots,
                      "Roots of your own, PEM (default: the system's public ones)");
  command->add_flag("--public", wanted->as_public,
                    "Judge by the rules for public authorities even if the root is not one");
  command->callback([wanted, &context] { context.outcome = check_all(*wanted, context); });
}

}  // namespace sp::certs
