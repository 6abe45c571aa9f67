// `sallyport connect HOST`: a session in this terminal, by the same ticket and the same messages as
// the gateway's page (docs/formats/session.md).

#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/bytes/bytes.h"
#include "base/commandline/app.h"
#include "core/cli/commands.h"
#include "core/cli/inventory_json.h"
#include "core/cli/session_page.h"

namespace sp::cli {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto say_seen_every = 10s;
constexpr std::uint64_t say_seen_after = 256U << 10U;
constexpr auto come_back_within = 55s;
constexpr std::size_t most_keys = 4096;
constexpr int refused = 4404;

struct Options {
  std::string host, credential, reason, gateway_ca;
};

std::string terminal_name() {
  const char* name = std::getenv("TERM");
  const std::string_view text = name == nullptr ? "" : name;
  const bool good = !text.empty() && text.size() <= 32 &&
                    text.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789.+-") == std::string_view::npos;
  return good ? std::string{text} : "xterm-256color";
}

void write_all(int descriptor, std::string_view data) {
  while (!data.empty()) {
    const auto count = ::write(descriptor, data.data(), data.size());
    if (count < 0 && errno != EINTR) return;
    if (count > 0) data.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Under a raw terminal a line has to go back to its beginning itself.
void tell(const std::string& words) {
  const auto line = "\r\nsallyport: " + words + "\r\n";
  write_all(STDERR_FILENO, line);
}

/// A session from its first message to its last, over as many connections as it takes.
class Talk {
 public:
  Talk(WebSocketTo to, RawTerminal& terminal, Random& random)
      : to_(std::move(to)), terminal_(terminal), random_(random) {}

  /// Gives the host's exit status, or what stands for none.
  Result<int> run(std::string opening) {
    auto first = begin(opening);
    wipe(opening);
    TRY(std::move(first));
    while (!ended_) {
      const auto went = talk();
      if (went) continue;
      socket_.reset();
      if (resume_.empty()) return went.error();
      tell("the connection is lost; coming back");
      TRY(come_back());
    }
    return exit_;
  }

 private:
  Outcome begin(std::string_view opening) {
    auto opened = TRY(WebSocket::open(to_, random_));
    socket_ = std::make_unique<WebSocket>(std::move(opened));
    size_ = terminal_.size();
    said_at_ = Steady::now();
    return socket_->send(FrameKind::text, opening);
  }

  Outcome come_back() {
    const auto end = Steady::now() + come_back_within;
    while (Steady::now() < end) {
      const auto begun = begin(opening_with_resume(session_, resume_, seen_, terminal_.size()));
      if (begun) return {};
      std::this_thread::sleep_for(1s);
    }
    return Error{Code::unavailable, "the session is lost: the gateway does not answer"};
  }

  // Until the connection or the session is over.
  Outcome talk() {
    while (true) {
      TRY(hear_all());
      if (ended_) return {};
      TRY(say_seen());
      std::array<::pollfd, 3> all{::pollfd{socket_->descriptor(), POLLIN, 0},
                                  ::pollfd{keys_ ? STDIN_FILENO : -1, POLLIN, 0},
                                  ::pollfd{terminal_.resized(), POLLIN, 0}};
      ::poll(all.data(), all.size(), 5000);
      if ((all[1].revents & (POLLIN | POLLHUP)) != 0) TRY(say_keys());
      if ((all[2].revents & POLLIN) != 0) TRY(say_size());
    }
  }

  Outcome hear_all() {
    while (!ended_) {
      auto message = TRY(socket_->receive());
      if (!message) return {};
      if (message->kind == FrameKind::binary) hear_output(message->data);
      if (message->kind == FrameKind::text) hear_text(message->data);
      wipe(message->data);
      if (message->kind == FrameKind::close) return closed(message->code);
    }
    return {};
  }

  Outcome closed(int code) {
    if (code == refused) {
      resume_.clear();
      return Error{Code::forbidden,
                   session_.empty() ? "the gateway did not take the ticket"
                                    : "the session is over: the gateway does not know it any more"};
    }
    return Error{Code::unavailable, "the gateway closed the connection"};
  }

  // What came before the connection was lost may come again.
  void hear_output(std::string_view data) {
    if (data.size() < 9 || data[0] != '\0') return;
    const auto offset = bytes::Reader{bytes::of(data.substr(1, 8))}.u64().value_or(0);
    auto output = data.substr(9);
    if (offset > seen_) seen_ = offset;
    const auto known = std::min<std::uint64_t>(seen_ - offset, output.size());
    output.remove_prefix(static_cast<std::size_t>(known));
    write_all(STDOUT_FILENO, output);
    seen_ += output.size();
  }

  void hear_text(const std::string& text) {
    const auto message = Json::parse(text, nullptr, false);
    if (!message.is_object()) return;
    const auto word = [&](const char* name) {
      return message.contains(name) && message[name].is_string() ? message[name].get<std::string>()
                                                                 : std::string{};
    };
    const auto type = word("type");
    if (type == "ready") {
      session_ = word("session");
      resume_ = word("resume");
      if (message.value("recorded", false)) say_once("this session is recorded");
    }
    if (type == "warning") tell("the session ends soon (" + word("code") + ")");
    if (type == "watched" && !word("by").empty()) tell(word("by") + " looks on");
    if (type == "ended") {
      ended_ = true;
      const bool status = message.contains("exit") && message["exit"].is_number_integer();
      exit_ = status ? message["exit"].get<int>() : 1;
      if (word("reason") != "logout") tell(end_words(word("reason"), word("by")));
    }
  }

  void say_once(const std::string& words) {
    if (!std::exchange(told_, true)) tell(words + "; Enter ~ . ends it");
  }

  Outcome say_keys() {
    std::array<char, most_keys> typed;  // NOLINT: filled by read
    const auto count = ::read(STDIN_FILENO, typed.data(), typed.size());
    if (count <= 0) keys_ = false;
    if (count <= 0) return socket_->send(FrameKind::text, R"({"type":"end"})");
    bool left = false;
    auto keys = escape_.pass({typed.data(), static_cast<std::size_t>(count)}, left);
    wipe(std::as_writable_bytes(std::span{typed}));
    if (!keys.empty()) {
      auto message = std::string(1, '\0') + keys;
      const auto sent = socket_->send(FrameKind::binary, message);
      wipe(message);
      wipe(keys);
      TRY(sent);
    }
    return left ? socket_->send(FrameKind::text, R"({"type":"end"})") : Outcome{};
  }

  Outcome say_size() {
    terminal_.settled();
    const auto size = terminal_.size();
    if (size == size_ || session_.empty()) return {};
    size_ = size;
    return socket_->send(
        FrameKind::text,
        Json{{"type", "size"}, {"columns", size.columns}, {"rows", size.rows}}.dump());
  }

  Outcome say_seen() {
    const auto now = Steady::now();
    const bool due = now - said_at_ >= say_seen_every || seen_ - said_ >= say_seen_after;
    if (session_.empty() || !due) return {};
    said_ = seen_;
    said_at_ = now;
    return socket_->send(FrameKind::text, Json{{"type", "seen"}, {"seen", seen_}}.dump());
  }

  WebSocketTo to_;
  RawTerminal& terminal_;
  Random& random_;
  std::unique_ptr<WebSocket> socket_;
  Escape escape_;
  WindowSize size_;
  std::string session_, resume_;
  std::uint64_t seen_ = 0, said_ = 0;
  Steady::time_point said_at_;
  bool keys_ = true, told_ = false, ended_ = false;
  int exit_ = 1;
};

Result<std::string> id_of(Api& api, const Kind& kind, const std::string& which) {
  const auto found = TRY(find_one(api, kind, which));
  return found.value("id", "");
}

Result<Json> ask_for(Api& api, const Options& options) {
  Json body{{"host", TRY(id_of(api, {"hosts", "host", {}}, options.host))}};
  if (!options.credential.empty())
    body["credential"] = TRY(id_of(api, {"credentials", "credential", {}}, options.credential));
  if (!options.reason.empty()) body["reason"] = options.reason;
  return api.call("POST", "/connect", body);
}

Outcome connect(Context& context, const Options& options) {
  const auto terminal_there = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
  if (!terminal_there && !context.json)
    return Error{Code::invalid_input, "a session needs a terminal"};
  auto api = TRY(Api::open(context));
  auto answer = TRY(ask_for(api, options));
  if (context.json) return say(answer.dump()), Outcome{};
  auto ticket = TRY(parse_ticket_url(answer.at("url").get_ref<const std::string&>()));
  wipe(answer["url"].get_ref<std::string&>());
  OsRandom random;
  const auto& ca = options.gateway_ca.empty() ? context.ca_file : options.gateway_ca;
  const WebSocketTo to{ticket.host, ticket.port, "/ws", ticket.origin, "sallyport-session-v1", ca};
  auto terminal = TRY(RawTerminal::open());
  Talk talk{to, *terminal, random};
  const auto status = talk.run(opening_with_ticket(ticket, terminal->size(), terminal_name()));
  terminal.reset();  // as it was, before anything is said
  context.exit = TRY(status);
  return {};
}

}  // namespace

void add_connect(commandline::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  auto* command = add_command(app, "connect", "A session with a host, in this terminal", context,
                              [options, &context] { return connect(context, *options); });
  command->add_option("host", options->host, "Its name, SITE/NAME or id")->required();
  command->add_option("--credential", options->credential,
                      "Name or id; default: the only one that fits");
  command->add_option("--reason", options->reason, "Why; some sites ask for it");
  command->add_option("--gateway-ca", options->gateway_ca,
                      "Certificate of the authority of the gateway (PEM); default: that of --ca");
}

}  // namespace sp::cli
