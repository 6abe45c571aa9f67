#include "certs/advise/advise.h"

#include <charconv>
#include <istream>
#include <optional>
#include <ostream>

#include "base/commandline/app.h"
#include "certs/cli/report.h"

namespace sp::certs {
namespace {

struct Wanted {
  Situation situation;
  std::vector<std::string> urls;
  bool many_users = false;
  std::size_t said = 0;  ///< how many options were given
};

/// Asks on the terminal until the answer is one; the end of the input takes the default.
template <class T, class Parse>
T asked(Context& context, const std::string& question, T by_default, Parse parse) {
  while (true) {
    context.err << question << " ";
    std::string line;
    if (!std::getline(*context.in, line) || line.empty()) return by_default;
    if (const std::optional<T> answer = parse(line)) return *answer;
    context.err << "please answer the question as shown in brackets\n";
  }
}

bool yes(Context& context, const std::string& question, bool by_default) {
  return asked<bool>(context, question + (by_default ? " [Y/n]" : " [y/N]"), by_default,
                     [](const std::string& line) -> std::optional<bool> {
                       if (line == "y" || line == "Y" || line == "yes") return true;
                       if (line == "n" || line == "N" || line == "no") return false;
                       return std::nullopt;
                     });
}

unsigned number(Context& context, const std::string& question) {
  return asked<unsigned>(
      context, question + " [0]", 0U, [](const std::string& line) -> std::optional<unsigned> {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
        if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
        return value;
      });
}

Situation interview(Context& context) {
  Situation is;
  is.from_outside = yes(context, "Does anybody open a page from outside of your network?", false);
  is.unmanaged_devices =
      yes(context, "Do machines or phones come that are in no Windows domain?", false);
  is.domain_joined = yes(context, "Is this server a member of a Windows domain?", false);
  is.has_internal_ca =
      yes(context, "Is there a certificate authority of your own already (AD CS)?", false);
  is.few_users = yes(context, "Are they so few that each machine can be visited once?", true);
  is.other_servers =
      number(context, "How many other web servers does it serve: portal, gateway, app server?");
  is.remote_sites =
      number(context, "How many remote sites of clients are reached over the internet?");
  const auto host =
      asked<std::string>(context, "What is the address of the site? [https://HOST, or nothing]",
                         std::string{}, [](const std::string& line) -> std::optional<std::string> {
                           if (!Host::of_url(line)) return std::nullopt;
                           return line;
                         });
  if (!host.empty()) is.hosts.push_back(*Host::of_url(host));
  return is;
}

void print_lists(const Advice& advice, std::ostream& out) {
  const auto list = [&](const char* head, const std::vector<std::string>& lines) {
    if (!lines.empty()) out << head << ":\n";
    for (const auto& line : lines) out << "  " << line << "\n";
  };
  list("because", advice.reasons);
  list("but", advice.problems);
  list("commands", advice.commands);
}

void print(const Advice& advice, Context& context) {
  Report report;
  report.add("kind", "use", std::string{name(advice.kind)})
      .add("wildcard", "wildcard", std::string{name(advice.wildcard)})
      .add("reasons", "", advice.reasons)
      .add("problems", "", advice.problems)
      .add("commands", "", advice.commands);
  std::vector<Report> kinds;
  for (const auto& one : comparisons()) {
    const std::vector<std::string> good(one.advantages.begin(), one.advantages.end());
    const std::vector<std::string> bad(one.disadvantages.begin(), one.disadvantages.end());
    kinds.emplace_back()
        .add("kind", "", std::string{name(one.kind)})
        .add("advantages", "", good)
        .add("disadvantages", "", bad);
  }
  if (context.json) {
    report.add_rows("kinds", std::move(kinds)).print(context);
  } else {
    report.print(context);
    print_lists(advice, context.out);
  }
  context.next = advice.commands.front();
}

Outcome run_advise(Wanted& wanted, Context& context) {
  if (wanted.said == 0) {
    if (context.in == nullptr)
      return Error{
          Code::invalid_input,
          "without a terminal the situation comes as options; with --few-users alone it is "
          "the smallest"};
    wanted.situation = interview(context);
  } else {
    wanted.situation.few_users = !wanted.many_users;
    wanted.situation.hosts = TRY(hosts_of_urls(wanted.urls));
  }
  print(advise(wanted.situation), context);
  return {};
}

}  // namespace

void add_advise(commandline::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "advise", "Which kind of certificate fits: asks on a terminal, or takes options");
  const auto wanted = std::make_shared<Wanted>();
  auto& is = wanted->situation;
  command->add_flag("--from-outside", is.from_outside, "People come from outside of the network");
  command->add_flag("--unmanaged", is.unmanaged_devices,
                    "Machines or phones come that are in no domain");
  command->add_flag("--domain-joined", is.domain_joined,
                    "This server is a member of a Windows domain");
  command->add_flag("--internal-ca", is.has_internal_ca,
                    "There is an authority of your own already (AD CS)");
  auto* few = command->add_flag("--few-users", is.few_users,
                                "So few that each machine can be visited once");
  command->add_flag("--many-users", wanted->many_users, "Too many for that")->excludes(few);
  command->add_option("--other-servers", is.other_servers,
                      "Other web servers: portal, gateway, app server");
  command->add_option("--remote-sites", is.remote_sites,
                      "Networks of clients that are reached over the internet");
  command->add_option("--url", wanted->urls, "Address of the site; may be repeated");
  command->callback([wanted, command, &context] {
    wanted->said = command->count();
    context.outcome = run_advise(*wanted, context);
  });
}

}  // namespace sp::certs
