#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/commandline/app.h"
#include "core/cli/client_json.h"
#include "core/cli/commands.h"
#include "core/cli/save.h"
#include "core/messages/format/content_reader.h"
#include "core/messages/format/stretch.h"

namespace sp::cli {
namespace {

using namespace sp::messages;

struct Options {
  std::string url, passphrase_file, out = ".";
  bool look = false;
};

// What the portal says of a message without showing it.
struct Status {
  std::optional<Salt> salt;
  StretchCost cost;
  Json json;
};

Result<Status> status_of(const Json& answer) {
  Status out;
  out.json = answer;
  if (!answer.is_object() || !answer.contains("passphrase"))
    return Error{Code::unavailable, "the portal does not speak our protocol"};
  const auto& passphrase = answer["passphrase"];
  if (passphrase.is_null()) return out;
  const auto salt = TRY(bytes::from_base64url(passphrase.value("salt", "")));
  if (salt.size() != 16) return Error{Code::unavailable, "the portal gave a wrong salt"};
  out.salt.emplace();
  std::ranges::copy(salt, out.salt->begin());
  out.cost = {passphrase.value("memory_kib", 0U), passphrase.value("passes", 0U)};
  if (!is_acceptable(out.cost))
    return Error{Code::invalid_input,
                 "the message asks for passphrase settings that we do not accept"};
  return out;
}

// The portal's host and the path before /m/.
struct Portal {
  std::string server, prefix;
};
Portal portal_of(const std::string& portal) {
  const auto slash = portal.find('/', std::string_view{"https://"}.size());
  if (slash == std::string::npos) return {portal, ""};
  return {portal.substr(0, slash), portal.substr(slash)};
}

std::string proof_text(const std::array<std::byte, 32>& proof) {
  return bytes::base64url(proof);
}

Error refused(const HttpAnswer& answer) {
  if (answer.status == 404) return {Code::not_found, "this message is no longer available"};
  if (answer.status == 403) {
    const auto left = answer.body.is_object() ? answer.body.value("attempts_left", -1) : -1;
    return {Code::forbidden, left < 0
                                 ? "the passphrase is wrong"
                                 : "the passphrase is wrong; tries left: " + std::to_string(left)};
  }
  return error_of(answer);
}

Result<Keys> keys_for(const Link& link, const Status& status, const Options& options) {
  if (!status.salt) return derive_keys(link.id, link.secret, {});
  const auto passphrase = options.passphrase_file.empty()
                              ? TRY(ask("Passphrase", true))
                              : TRY(read_secret_file(options.passphrase_file, 4096));
  Stretcher stretcher{1};
  const auto pass = TRY(stretcher.stretch(passphrase, *status.salt, status.cost));
  return derive_keys(link.id, link.secret, pass);
}

Json list_of(const Content& content, const std::vector<std::string>& saved) {
  Json out{{"text", std::string{bytes::text(content.text.expose())}},
           {"fields", Json::array()},
           {"files", Json::array()}};
  for (const auto& field : content.fields)
    out["fields"].push_back({{"name", field.name},
                             {"value", std::string{bytes::text(field.value.expose())}},
                             {"secret", field.secret}});
  for (std::size_t i = 0; i < saved.size(); ++i)
    out["files"].push_back({{"name", content.files[i].name},
                            {"type", content.files[i].type},
                            {"size", content.files[i].size},
                            {"path", saved[i]}});
  return out;
}

// On a terminal a hostile sender's control characters are taken out; into a pipe goes what was
// sent.
void show(std::string_view text) {
  if (::isatty(STDOUT_FILENO) == 0) return say(text);
  std::string kept{text};
  std::erase_if(kept, [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  });
  say(kept);
  wipe(kept);
}

void print(const Content& content, const std::vector<std::string>& saved) {
  if (!content.text.empty()) show(bytes::text(content.text.expose()));
  for (const auto& field : content.fields) {
    auto line = field.name + ": " + std::string{bytes::text(field.value.expose())};
    show(line);
    wipe(line);
  }
  for (const auto& path : saved) hint("saved " + path);
}

// Text and fields are kept; files go to disk under names that nobody sees until all is authentic.
class Receiver {
 public:
  explicit Receiver(std::string folder) : saving_(std::move(folder)) {}
  Outcome begin(const Content& content) {
    content_.text = Secret::copy_of(content.text.expose());
    for (const auto& field : content.fields)
      content_.fields.push_back({field.name, Secret::copy_of(field.value.expose()), field.secret});
    content_.files = content.files;
    for (const auto& file : content.files) TRY(saving_.add(safe_file_name(file.name)));
    return {};
  }
  Outcome take(std::size_t file, BytesView data) { return saving_.write(file, data); }
  Result<std::vector<std::string>> finish() { return saving_.publish(); }
  [[nodiscard]] const Content& content() const { return content_; }

 private:
  Content content_;
  Saving saving_;
};

// Gives the grace token, if the sender allowed a grace.
Result<std::string> reveal(Http& http, const HttpCall& base, const Keys& keys, const MessageId& id,
                           Receiver& receiver) {
  SegmentOpener opener{keys.content, id};
  ContentReader reader{[&](const Content& content) { return receiver.begin(content); },
                       [&](std::size_t file, BytesView data) { return receiver.take(file, data); }};
  const Sink plain = [&](BytesView view) { return reader.take(view); };
  auto call = base;
  call.receive = [&](BytesView sealed) { return opener.take(sealed, plain); };
  const auto answer = TRY(http.call(call));
  if (answer.status != 200) return refused(answer);
  TRY(opener.finish(plain));
  TRY(reader.finish());
  const auto grace = answer.headers.find("sallyport-grace");
  return grace == answer.headers.end() ? std::string{} : grace->second;
}

// All is on disk: the grace may end. If the portal does not hear it, the grace ends by itself.
void tell_saved(Http& http, const std::string& path, const std::string& grace, const Keys& keys) {
  if (grace.empty()) return;
  const Json proof{{"link_proof", proof_text(keys.link_proof)}};
  static_cast<void>(
      http.call({"POST", path + "/saved", {{"Sallyport-Grace", grace}}, proof.dump(), {}, {}, 0}));
}

Outcome open(const Context& context, const Options& options) {
  const auto link = TRY(parse_link(options.url));
  const auto portal = portal_of(link.portal);
  auto http = TRY(Http::to(portal.server, context.ca_file));
  const auto path = portal.prefix + "/api/v1/messages/" + link.id.text();
  const auto without = derive_keys(link.id, link.secret, {});
  Json proofs{{"link_proof", proof_text(without.link_proof)}};

  HttpCall call{"POST", path + "/status", {}, proofs.dump(), {}, {}, 0};
  const auto answer = TRY(http.call(call));
  if (answer.status != 200) return refused(answer);
  const auto status = TRY(status_of(answer.body));
  if (options.look) return say(status.json.dump(1)), Outcome{};

  const auto keys = TRY(keys_for(link, status, options));
  if (status.salt) proofs["pass_proof"] = proof_text(keys.pass_proof);
  call.path = path + "/reveal";
  call.body = proofs.dump();
  Receiver receiver{options.out};
  const auto grace = TRY(reveal(http, call, keys, link.id, receiver));
  const auto saved = TRY(receiver.finish());
  tell_saved(http, path, grace, keys);
  if (context.json)
    say(list_of(receiver.content(), saved).dump(-1, ' ', false, Json::error_handler_t::replace));
  else
    print(receiver.content(), saved);
  return {};
}

}  // namespace

void add_open(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("open", "Open a message: this uses up one of its views");
  command->add_option("url", options->url, "The link; - reads it from standard input")->required();
  command->add_option("--passphrase-file", options->passphrase_file,
                      "File with the passphrase; asked for when absent");
  command->add_option("--out", options->out, "Folder for the files of the message")
      ->capture_default_str();
  command->add_flag("--status", options->look, "Only say what is left; counts nothing");
  command->callback([options, &context] {
    if (options->url == "-") {
      const auto read = read_stdin(8192);
      if (!read) return fail(context, read.error());
      options->url = std::string{bytes::text(read->expose())};
      options->url.erase(options->url.find_last_not_of(" \r\n") + 1);
    }
    const auto done = open(context, *options);
    if (!done) fail(context, done.error());
  });
}

}  // namespace sp::cli
