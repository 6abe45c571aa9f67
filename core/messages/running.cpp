#include "core/messages/running.h"

#include "base/log/log.h"

namespace sp::messages {
namespace {

using namespace std::chrono_literals;
constexpr auto sweep_every = 20s;

// Nothing while the administrator has not set a server: letters wait then.
Result<std::optional<mail::SmtpServer>> current_server(settings::Settings& settings) {
  const auto values = TRY(settings.current());
  if (!can_mail(values)) return std::optional<mail::SmtpServer>{};
  auto password = TRY(settings.mail_password());
  return std::optional{server_of(values, std::move(password))};
}

edges::Context edges_context(const Context& context) {
  return {context.store, context.keyring, context.audit, context.clock, context.random};
}

std::vector<edges::Traffic*> all_of(MessageTraffic& first,
                                    const std::vector<edges::Traffic*>& others) {
  std::vector<edges::Traffic*> all{&first};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

pushpull::LinkOptions link_options() {
  pushpull::LinkOptions options;
  options.version = SALLYPORT_VERSION;
  return options;
}

}  // namespace

Running::Running(const Context& context, settings::Settings& settings, people::People& people,
                 const std::string& site_url, edges::MakeChannel make_channel,
                 const std::vector<edges::Traffic*>& others)
    : context_(context),
      settings_(settings),
      traffic_(context, settings, site_url, [this] { mailer_.wake(); }),
      shared_(all_of(traffic_, others)),
      mailer_(
          {context.store, context.keyring, context.clock, context.random}, transport_,
          [&settings] { return current_server(settings); },
          [context](store::Transaction& transaction, const mail::Settled& settled) {
            return mail_settled(context, transaction, settled);
          }),
      supervisor_(edges_context(context), shared_, link_options(), std::move(make_channel)),
      sender_(context, settings, people, stretcher_, site_url, wake()),
      sweeper_([this](const std::stop_token& stop) { sweep(stop); }) {
  settings.on_change([this](const settings::Values&) {
    mailer_.wake();
    const auto pushed = supervisor_.push_settings();
    if (!pushed) log::error("settings_not_pushed", pushed.error());
  });
}

Running::~Running() {
  stop();
}

void Running::stop() {
  sweeper_.request_stop();
  if (sweeper_.joinable()) sweeper_.join();
  supervisor_.stop();
  mailer_.stop();
}

Sender::Wake Running::wake() {
  return [this](const std::string& edge) { supervisor_.wake(edge); };
}

void Running::sweep(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto ended = traffic_.sweep();
    if (!ended) log::warning("sweep", {{"code", sp::name(ended.error().code())}});
    std::unique_lock lock{mutex_};
    sleep_.wait_for(lock, stop, sweep_every, [] { return false; });
  }
}

Result<std::string> Running::send_test_mail(const settings::Values& values, const std::string& to) {
  if (!can_mail(values))
    return Error{Code::invalid_input, "mail: no server or no sender's address is set"};
  mail::Mail letter;
  letter.from = {values.mail.from, values.mail.from_name};
  letter.to = {to, ""};
  letter.subject = values.branding.name + ": test mail";
  letter.text = Secret::copy_of(bytes::of("This is a test mail. The mail settings work.\n"));
  const auto unique = bytes::hex(context_.random.bytes<16>());
  const auto whole = TRY(mail::mime(letter, unique, context_.clock.now()));
  const auto server = server_of(values, TRY(settings_.mail_password()));
  TRY(transport_.deliver(server, values.mail.from, to, whole));
  return "The server " + values.mail.host + " took the mail.";
}

}  // namespace sp::messages
