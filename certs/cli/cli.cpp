#include "certs/cli/cli.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <ostream>

#include "base/commandline/describe.h"
#include "certs/cli/judging.h"

namespace sp::certs {
namespace {

// CLI11 knows usage errors and help apart by its own exit codes; ours are 2 and 0.
int report_usage(const CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == 0) return app.exit(error, context.out, context.err);
  std::string sentence = error.what();
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
  CLI::App app{"Makes and shows the certificates of a Sallyport installation", "sallyport-certs"};
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
  try {
    auto reversed = arguments;  // as CLI11 wants them
    std::ranges::reverse(reversed);
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error, context);
  }
  return report(context);
}

}  // namespace sp::certs
