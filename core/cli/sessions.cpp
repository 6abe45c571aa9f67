#include <chrono>
#include <thread>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/table_json.h"

namespace sp::cli {
namespace {

struct Options {
  std::string id, state, query, out;
  bool all = false;
  int limit = 50;
  double speed = 1, longest_pause = 2;
};

// Names instead of objects, for the table.
Json flat(const Json& session) {
  Json out = session;
  for (const auto* name : {"host", "site", "user", "credential", "gateway"})
    if (session.contains(name)) {
      const auto& one = session.at(name);
      out[name] = one.contains("login") ? one.at("login") : one.value("name", Json(nullptr));
    }
  if (session.contains("recording")) out["recording"] = session.at("recording").value("state", "");
  return out;
}

Outcome list(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  std::string path = "/sessions?limit=" + std::to_string(options.limit);
  if (!options.state.empty()) path += "&state=" + query_value(options.state);
  if (!options.query.empty()) path += "&q=" + query_value(options.query);
  if (options.all) path += "&all=true";
  const auto page = TRY(api.call("GET", path));
  if (context.json) return say(page.dump()), Outcome{};
  Json rows = Json::array();
  for (const auto& session : page.at("items")) rows.push_back(flat(session));
  print_table(rows, {"id", "state", "end_reason", "user", "login", "host", "site", "created_at",
                     "ended_at", "recording"});
  return {};
}

void print(const Json& session) {
  const auto one = flat(session);
  for (const auto* name :
       {"id",       "state",      "end_reason", "ended_by", "user",     "host",
        "site",     "gateway",    "credential", "login",    "address",  "port",
        "reason",   "created_at", "started_at", "ended_at", "source",   "dialled",
        "host_key", "bytes_in",   "bytes_out",  "exit",     "recording"})
    print_member(one, name);
  for (const auto& event : session.value("events", Json::array()))
    say("  " + cell(event, "at") + "  " + cell(event, "code") + "  " + cell(event, "detail"));
  for (const auto& file : session.value("files", Json::array()))
    say("  " + cell(file, "at") + "  " + cell(file, "action") + "  " + cell(file, "outcome") +
        "  " + cell(file, "size") + "  " + cell(file, "path"));
  for (const auto& comment : session.value("comments", Json::array()))
    say("  " + cell(comment, "at") + "  " + cell(comment.at("by"), "login") + ": " +
        cell(comment, "text"));
}

std::string path_of(const Options& options, const char* what = "") {
  return "/sessions/" + query_value(options.id) + what;
}

Outcome show(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto session = TRY(api.call("GET", path_of(options)));
  if (context.json) return say(session.dump()), Outcome{};
  print(session);
  return {};
}

Outcome end(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto session = TRY(api.call("POST", path_of(options, "/end")));
  say(context.json ? session.dump() : "the gateway is told to end it");
  return {};
}

Result<Bytes> whole(const Context& context, const std::string& path) {
  auto api = TRY(Api::open(context));
  Bytes all;
  TRY(api.download(path, [&](std::span<const std::byte> piece) {
    bytes::append(all, piece);
    return Outcome{};
  }));
  return all;
}

Outcome download(const Context& context, const Options& options) {
  const auto out = options.out.empty() ? "session-" + options.id + ".cast" : options.out;
  auto all = TRY(whole(context, path_of(options, "/recording")));
  if (out == "-") return std::fwrite(all.data(), 1, all.size(), stdout), Outcome{};
  const auto written = write_new_file(out, all);
  wipe(all);
  TRY(written);
  if (!context.json) say("The recording is in " + out + ".");
  return {};
}

/// Shows an asciicast as it was, line by line as it comes.
class Player {
 public:
  Player(double speed, double longest_pause) : speed_(speed), longest_(longest_pause) {}
  Outcome take(std::span<const std::byte> piece) {
    rest_ += bytes::text(piece);
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      show(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
    return {};
  }

 private:
  void show(const std::string& line) {
    const auto event = Json::parse(line, nullptr, false);
    if (!event.is_array() || event.size() != 3 || !event[0].is_number() || !event[2].is_string())
      return;
    const auto at = event[0].get<double>();
    const auto pause = std::min(at - last_, longest_) / speed_;
    last_ = at;
    if (pause > 0) std::this_thread::sleep_for(std::chrono::duration<double>(pause));
    if (event[1] != "o") return;
    const auto& text = event[2].get_ref<const std::string&>();
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  double speed_, longest_, last_ = 0;
  std::string rest_;
};

Outcome play(const Context& context, const Options& options) {
  if (options.speed <= 0 || options.longest_pause < 0)
    return Error{Code::invalid_input, "--speed must be above 0, --pause not below"};
  // All of it first: the core does not wait for somebody who watches slowly.
  auto recording = TRY(whole(context, path_of(options, "/recording?use=play")));
  Player player{options.speed, options.longest_pause};
  const auto shown = player.take(recording);
  wipe(recording);
  return shown;
}

}  // namespace

void add_sessions(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("sessions", "Look after sessions with hosts");
  auto* listing =
      add_default_command(*command, "list", "Newest first; what `sessions` alone does, too",
                          context, [options, &context] { return list(context, *options); });
  listing->add_option("--state", options->state, "Only these states, separated by commas");
  listing->add_option("--search", options->query, "Part of user, host, site, address or reason");
  listing->add_option("--limit", options->limit, "How many")->capture_default_str();
  listing->add_flag("--all", options->all, "Everybody's; administrators only");
  const auto sub = [&](const char* name, const char* what, auto work) {
    auto* added = add_command(*command, name, what, context,
                              [options, &context, work] { return work(context, *options); });
    added->add_option("id", options->id, "The session's id")->required();
    return added;
  };
  sub("show", "One session: what happened, files carried, comments", show);
  sub("end", "End it now", end);
  auto* playing = sub("play", "Show its recording in this terminal", play);
  playing->add_option("--speed", options->speed, "How many times as fast")->capture_default_str();
  playing->add_option("--pause", options->longest_pause, "The longest pause, in seconds")
      ->capture_default_str();
  sub("download", "Save its recording as asciicast", download)
      ->add_option("--out", options->out,
                   "Where to; default session-ID.cast; - for standard output");
}

}  // namespace sp::cli
