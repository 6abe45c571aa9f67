#include "core/backup/mails.h"

#include <cstdio>
#include <memory>

#include "base/commandline/app.h"
#include "core/mail/set_aside.h"
#include "core/messages/traffic.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::backup {
namespace {

constexpr auto packaged_config = "/etc/sallyport/core.toml";
constexpr auto dropped =
    "It waited when a backup was made that was restored, and was not released.";

// What each command does with the database, at the terminal and so in the system's name.
struct Desk {
  OsRandom random;
  SystemClock clock;
  std::unique_ptr<core::Foundation> foundation;
  Outcome open(const MailsOptions& options) {
    const auto config = TRY(core::read_config(options.config));
    foundation = TRY(core::Foundation::open(config, random, clock));
    return {};
  }
  [[nodiscard]] messages::Context context() {
    auto& core = foundation->core();
    return {core.store, core.keyring, core.audit, clock, random};
  }
};

Result<std::optional<std::string_view>> one_or_all(const MailsOptions& options) {
  if (options.id.empty() != options.all)
    return Error{Code::invalid_input, "name one mail by its id, or say --all"};
  if (options.all) return std::optional<std::string_view>{};
  return std::optional<std::string_view>{options.id};
}

Result<std::vector<mail::Aside>> all_aside(const MailsOptions& options) {
  Desk desk;
  TRY(desk.open(options));
  return desk.foundation->core().store.read([](store::Transaction& tx) { return mail::aside(tx); });
}

Result<std::int64_t> release(const MailsOptions& options) {
  const auto id = TRY(one_or_all(options));
  Desk desk;
  TRY(desk.open(options));
  const auto context = desk.context();
  return context.store.write([&](store::Transaction& tx) -> Result<std::int64_t> {
    const auto count = TRY(mail::take_up(tx, id, context.clock.now()));
    if (count == 0) return Error{Code::not_found, "no such mail is set aside"};
    TRY(context.audit.append(tx, {.event = audit::Event::mail_released,
                                  .actor = audit::the_system(),
                                  .details = {{audit::Detail::count, std::to_string(count)}}}));
    return count;
  });
}

Result<std::size_t> drop(const MailsOptions& options) {
  const auto id = TRY(one_or_all(options));
  Desk desk;
  TRY(desk.open(options));
  const auto context = desk.context();
  return context.store.write([&](store::Transaction& tx) -> Result<std::size_t> {
    const auto gone = TRY(mail::drop(tx, id, context.clock.now()));
    if (gone.empty()) return Error{Code::not_found, "no such mail is set aside"};
    for (const auto& one : gone)
      TRY(messages::mail_settled(
          context, tx, {one.occasion, one.message, mail::Fate::failed, one.recipient, dropped}));
    return gone.size();
  });
}

}  // namespace

int list_mails(const MailsOptions& options) {
  core::guard_process();
  const auto mails = all_aside(options);
  if (!mails) return core::fail(mails.error());
  for (const auto& one : *mails)
    std::printf("%s  %-16s  %s  made %s, until %s\n", one.id.c_str(),
                std::string{mail::name(one.occasion)}.c_str(), one.recipient.c_str(),
                rfc3339(one.created_at).c_str(), rfc3339(one.give_up_at).c_str());
  std::fprintf(stderr, "sallyport-core: %zu mails are set aside\n", mails->size());
  return 0;
}

int release_mails(const MailsOptions& options) {
  core::guard_process();
  const auto count = release(options);
  if (!count) return core::fail(count.error());
  std::fprintf(stderr, "sallyport-core: %lld mails go out within a minute while the core runs\n",
               static_cast<long long>(*count));
  return 0;
}

int drop_mails(const MailsOptions& options) {
  core::guard_process();
  const auto count = drop(options);
  if (!count) return core::fail(count.error());
  std::fprintf(stderr, "sallyport-core: %zu mails were erased unsent\n", *count);
  return 0;
}

void add_mails(commandline::App& app, std::function<void(int)> done) {
  const auto options = std::make_shared<MailsOptions>();
  options->config = packaged_config;
  auto* command = app.add_subcommand("mails", "the mails that a restore set aside");
  const auto with = [&](commandline::App* one) {
    one->add_option("--config", options->config, "configuration file")->capture_default_str();
    return one;
  };
  const auto which = [&](commandline::App* one) {
    with(one)->add_option("id", options->id, "one mail, as the list shows it");
    one->add_flag("--all", options->all, "all of them");
    return one;
  };
  with(command)->require_subcommand(0, 1);
  which(command->add_subcommand("release", "let them go out"))->callback([options, done] {
    done(release_mails(*options));
  });
  which(command->add_subcommand("drop", "erase them unsent"))->callback([options, done] {
    done(drop_mails(*options));
  });
  command->callback([options, command, done] {
    if (!command->got_subcommand()) done(list_mails(*options));
  });
}

}  // namespace sp::backup
