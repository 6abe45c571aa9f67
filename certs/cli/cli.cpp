#include "certs/cli/cli.h"

#include <ostream>

#include "base/commandline/app.h"
#include "base/commandline/describe.h"
#include "certs/cli/judging.h"

namespace sp::certs {
namespace {

// Help and version, or a wrong usage, whose exit code here is 2.
int report_usage(const commandline::Ended& ended, Context& context) {
  if (ended.code == 0) {
    context.out << ended.text;
    return 0;
  }
  auto sentence = ended.complaint;
  if (!sentence.empty() && sentence.back() == '.') sentence.pop_back();
  context.err << "sallyport-certs: error: " << sentence << "\n"
              << "sallyport-certs: hint: see sallyport-certs --help\n";
  return 2;
}

int report(const Context& context) {
  if (context.outcome) {
    if (!context.next.empty() && !context.quiet) context.err << "next: " << context.next << "\n";
    return context.no ? 1 : 0;
  }
  context.err << "sallyport-certs: error: " << context.outcome.error().detail() << "\n";
  if (!context.hint.empty()) context.err << "sallyport-certs: hint: " << context.hint << "\n";
  return exit_code(context.outcome.error().code());
}

}  // namespace

int run(const std::vector<std::string>& arguments, Context& context) {
  commandline::App app{"Makes and shows the certificates of a Sallyport installation",
                       "sallyport-certs"};
  app.set_version_flag("--version", std::string{SALLYPORT_VERSION});
  app.add_flag("--json", context.json, "Print one JSON object instead of text");
  app.add_flag("--quiet", context.quiet, "Leave out the last line that says what to do next");
  app.require_subcommand(1);
  app.fallthrough();
  add_advise(app, context);
  add_self_signed(app, context);
  add_ca(app, context);
  add_acme(app, context);
  add_issue(app, context);
  add_csr(app, context);
  add_show(app, context);
  add_status(app, context);
  add_needs_renewal(app, context);
  add_pin(app, context);
  add_rollback(app, context);
  add_export(app, context);
  add_trust(app, context);
  add_verify(app, context);
  add_check(app, context);
  add_import(app, context);
  commandline::add_descriptions(app, {"sallyport-certs", {}, {}});
  if (const auto ended = app.parse(arguments)) return report_usage(*ended, context);
  return report(context);
}

}  // namespace sp::certs
