#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"

namespace sp::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;
  std::string expires, passphrase_file, to, to_name, subject, site, grace, language;
  std::optional<int> views, attempts;
  bool no_text = false, no_notify = false, hide_sender = false;
};

std::string type_of(const std::string& path) {
  const auto extension = fs::path{path}.extension().string();
  if (extension == ".txt" || extension == ".md" || extension == ".log") return "text/plain";
  if (extension == ".pdf") return "application/pdf";
  if (extension == ".png") return "image/png";
  if (extension == ".jpg" || extension == ".jpeg") return "image/jpeg";
  return "application/octet-stream";
}

Result<std::string> upload(Api& api, const std::string& path) {
  std::error_code problem;
  const auto size = fs::file_size(path, problem);
  std::ifstream file{path, std::ios::binary};
  if (problem || !file) return Error{Code::not_found, path + ": cannot be read"};
  const auto give = [&](std::span<std::byte> out) -> Result<std::size_t> {
    file.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
    if (file.bad()) return Error{Code::unavailable, path + ": reading failed"};
    return static_cast<std::size_t>(file.gcount());
  };
  const auto name = fs::path{path}.filename().string();
  const auto answer = TRY(api.upload(
      "/uploads?name=" + query_value(name) + "&type=" + query_value(type_of(path)), size, give));
  if (!answer.is_object() || !answer.contains("upload_id"))
    return Error{Code::unavailable, "the server did not take the file"};
  return answer["upload_id"].get<std::string>();
}

void set(Json& body, const char* name, const std::string& value) {
  if (!value.empty()) body[name] = value;
}

Result<Json> message_of(Api& api, const Options& options) {
  Json body = Json::object();
  if (!options.no_text) {
    if (::isatty(STDIN_FILENO) != 0) hint("type the text, then Ctrl-D on a line of its own");
    const auto text = TRY(read_stdin(std::size_t{1} << 20));
    body["text"] = std::string{bytes::text(text.expose())};
  }
  set(body, "expires_in", options.expires);
  set(body, "to", options.to);
  set(body, "to_name", options.to_name);
  set(body, "subject", options.subject);
  set(body, "site", options.site);
  set(body, "grace", options.grace);
  set(body, "language", options.language);
  if (options.views) body["views"] = *options.views;
  if (options.attempts) body["attempts"] = *options.attempts;
  if (options.no_notify) body["notify"] = false;
  if (options.hide_sender) body["show_sender"] = false;
  if (!options.passphrase_file.empty()) {
    const auto passphrase = TRY(read_secret_file(options.passphrase_file, 1024));
    body["passphrase"] = std::string{bytes::text(passphrase.expose())};
  }
  for (const auto& path : options.files) body["files"].push_back(TRY(upload(api, path)));
  return body;
}

Outcome send(const Context& context, const Options& options) {
  auto api = TRY(Api::open(context));
  const auto body = TRY(message_of(api, options));
  const auto sent = TRY(api.call("POST", "/messages", body));
  if (context.json)
    say(sent.dump());
  else
    say(sent.value("url", ""));
  return {};
}

}  // namespace

void add_send(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("send", "Send a message; its text comes from standard input");
  command->add_option("--file", options->files, "A file to go with it; may be repeated");
  command->add_option("--expires", options->expires, "How long it lives: 30m, 3h, 2d");
  command->add_option("--views", options->views, "How often it can be opened");
  command->add_option("--passphrase-file", options->passphrase_file,
                      "File with a passphrase to protect it");
  command->add_option("--attempts", options->attempts, "Wrong passphrases until it is destroyed");
  command->add_option("--to", options->to, "Mail address to send the link to");
  command->add_option("--to-name", options->to_name, "Name of the recipient, for the mail");
  command->add_option("--subject", options->subject, "Subject of the mail");
  command->add_option("--language", options->language, "Language of the mail: en, de, fr, es, ja");
  command->add_option("--site", options->site, "Name or id of the edge to put it on");
  command->add_option("--grace", options->grace, "Time to fetch the same view again: 0s to 10m");
  command->add_flag("--no-text", options->no_text, "Do not read standard input: files alone");
  command->add_flag("--no-notify", options->no_notify, "Do not mail me when it is opened");
  command->add_flag("--hide-sender", options->hide_sender, "Do not show my name to the recipient");
  command->callback([options, &context] {
    const auto done = send(context, *options);
    if (!done) fail(context, done.error());
  });
}

}  // namespace sp::cli
