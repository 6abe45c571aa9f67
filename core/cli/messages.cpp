#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

struct Options {
  std::string id, state, query;
  bool all = false;
  int limit = 50;
};

Outcome list(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  std::string path = "/messages?limit=" + std::to_string(options.limit);
  if (!options.state.empty()) path += "&state=" + query_value(options.state);
  if (!options.query.empty()) path += "&q=" + query_value(options.query);
  if (options.all) path += "&all=true";
  const auto page = TRY(api.call("GET", path));
  if (context.json) return say(page.dump()), Outcome{};
  print_table(page.at("items"), {"id", "state", "views_left", "expires_at", "to", "subject"});
  return {};
}

void print(const Json& message) {
  for (const auto* name : {"id", "state", "reason", "to", "subject", "created_at", "expires_at",
                           "views", "views_left", "mail"})
    print_member(message, name);
  for (const auto& event : message.value("events", Json::array()))
    say("  " + cell(event, "at") + "  " + cell(event, "code") + "  " + cell(event, "source") +
        "  " + cell(event, "reason"));
}

Outcome one(const Context& context, const Options& options, const std::string& method) {
  auto api = TRY(Api::open(context));
  const auto message = TRY(api.call(method, "/messages/" + query_value(options.id)));
  if (context.json) return say(message.dump()), Outcome{};
  print(message);
  return {};
}

}  // namespace

void add_messages(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("messages", "Look after messages that were sent");
  auto* listing =
      add_default_command(*command, "list", "Newest first; what `messages` alone does, too",
                          context, [options, &context] { return list(context, *options); });
  listing->add_option("--state", options->state, "Only these states, separated by commas");
  listing->add_option("--search", options->query, "Part of recipient or subject");
  listing->add_option("--limit", options->limit, "How many")->capture_default_str();
  listing->add_flag("--all", options->all, "Everybody's; administrators only");
  const auto add = [&](const char* name, const char* what, const char* method) {
    const auto work = [options, &context, method] { return one(context, *options, method); };
    add_command(*command, name, what, context, work)
        ->add_option("id", options->id, "The message's id")
        ->required();
  };
  add("show", "One message with its timeline", "GET");
  add("destroy", "Destroy it now", "DELETE");
}

}  // namespace sp::cli
