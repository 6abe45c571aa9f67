#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

struct Options {
  std::string which, name, kind = "selfdestruct", public_url, intake_url, out;
};

// By id or by name.
Result<Json> find(Api& api, const std::string& which) {
  const auto page = TRY(api.call("GET", "/edges"));
  for (const auto& edge : page.at("items"))
    if (edge.value("id", "") == which || edge.value("name", "") == which) return edge;
  return Error{Code::not_found, "no edge has the id or name " + which};
}

Outcome list(const Context& context) {
  auto api = TRY(Api::open(context));
  const auto page = TRY(api.call("GET", "/edges"));
  if (context.json) return say(page.dump()), Outcome{};
  print_table(page.at("items"),
              {"name", "light", "state", "last_contact", "clock_skew_ms", "items_waiting",
               "events_waiting", "version", "certificate_days_left", "reason"});
  return {};
}

Outcome show(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto edge = TRY(find(api, options.which));
  if (context.json) return say(edge.dump()), Outcome{};
  for (const auto& [name, value] : edge.items()) print_member(edge, name.c_str());
  return {};
}

// The kit holds a secret: it goes to a file of ours, or to standard output when asked with `-`.
Outcome give_kit(const Context& context, const Json& answer, const std::string& kind,
                 const std::string& out) {
  const auto kit = answer.value("kit", "");
  if (out == "-") return say(kit), Outcome{};
  TRY(write_new_file(out, bytes::of(kit)));
  if (context.json)
    say(Json{{"id", answer.value("id", "")}, {"kit_file", out}}.dump());
  else
    say("The kit is in " + out + ". Carry it to the edge and run there: sallyport-" + kind +
        " enrol KIT --config FILE");
  return {};
}

Outcome add(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto answer = TRY(api.call("POST", "/edges",
                                   {{"name", options.name},
                                    {"kind", options.kind},
                                    {"public_url", options.public_url},
                                    {"intake_url", options.intake_url}}));
  return give_kit(context, answer, options.kind,
                  options.out.empty() ? options.name + ".kit" : options.out);
}

Outcome renew_kit(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto edge = TRY(find(api, options.which));
  const auto answer = TRY(api.call("POST", "/edges/" + edge.value("id", "") + "/kit"));
  return give_kit(context, answer, edge.value("kind", "selfdestruct"),
                  options.out.empty() ? edge.value("name", "edge") + ".kit" : options.out);
}

Outcome act(const Context& context, const Options& options, const char* method, const char* path,
            const char* done) {
  auto api = TRY(Api::open(context));
  const auto edge = TRY(find(api, options.which));
  const auto answer = TRY(api.call(method, "/edges/" + edge.value("id", "") + path));
  say(context.json ? answer.dump() : edge.value("name", "") + ": " + done);
  return {};
}

}  // namespace

void add_edge(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("edge", "Look after edges (sites)");
  const auto sub = [&](const char* name, const char* what, auto work) {
    return add_command(*command, name, what, context,
                       [options, &context, work] { return work(context, *options); });
  };
  const auto with_edge = [&](commandline::App* added) {
    added->add_option("edge", options->which, "Its name or id")->required();
    return added;
  };
  add_default_command(*command, "list", "All edges with their light and its reason", context,
                      [&context] { return list(context); });
  auto* adding = sub("add", "Add an edge and write its kit", add);
  adding->add_option("name", options->name, "a-z, 0-9 and -")->required();
  adding
      ->add_option("--public-url", options->public_url,
                   "What links begin with: https://host[:port]")
      ->required();
  adding->add_option("--intake-url", options->intake_url, "Where the core dials: https://host:port")
      ->required();
  adding->add_option("--kind", options->kind, "What it is: selfdestruct or gateway")
      ->one_of({"selfdestruct", "gateway"})
      ->capture_default_str();
  adding->add_option("--out", options->out,
                     "Where to write the kit; default NAME.kit; - for standard output");
  with_edge(sub("show", "One edge", show));
  with_edge(sub("kit", "A new kit for an edge that is not enrolled yet", renew_kit))
      ->add_option("--out", options->out, "Where to write the kit; - for standard output");
  with_edge(
      sub("rotate", "Replace the keys of its link", [](const Context& where, const Options& with) {
        return act(where, with, "POST", "/rotate", "its keys are being replaced");
      }));
  with_edge(sub("remove", "Remove it; its live messages are lost",
                [](const Context& where, const Options& with) {
                  return act(where, with, "DELETE", "", "removed");
                }));
}

}  // namespace sp::cli
