// init, audit verify, token: what is done once, or at the terminal.
#include <cstdio>

#include "base/config/files.h"
#include "core/program/commands.h"
#include "core/program/foundation.h"
#include "core/program/say.h"

namespace sp::core {
namespace {

constexpr ::mode_t owner_only = 0600;

// A secret for a file of its owner alone, or for the terminal when no file is named.
Outcome give_out(const std::filesystem::path& file, BytesView secret) {
  auto line = Secret{secret.size() + 1};
  std::copy(secret.begin(), secret.end(), line.expose_mutable().begin());
  line.expose_mutable()[secret.size()] = static_cast<std::byte>('\n');
  if (!file.empty()) return config::write_file(file, line.expose(), owner_only);
  const auto written = std::fwrite(line.expose().data(), 1, line.size(), stdout);
  if (written != line.size() || std::fflush(stdout) != 0)
    return Error{Code::unavailable, "cannot write to standard output"};
  return {};
}

// Whether there is a keyring, and accounts.
struct Standing {
  bool keys = false, accounts = false;
};
Result<Standing> standing_of(store::Store& store) {
  return store.read([](store::Transaction& tx) -> Result<Standing> {
    const auto keys = TRY(tx.one("SELECT 1 FROM keyring LIMIT 1"));
    const auto accounts = TRY(tx.one("SELECT 1 FROM people LIMIT 1"));
    return Standing{keys.has_value(), accounts.has_value()};
  });
}

Outcome make_keys(const Config& config, store::Store& store, Random& random, const Clock& clock) {
  if (!std::filesystem::exists(config.root_key))
    TRY(keyring::write_root_half(config.root_key.string(), random));
  const auto half = TRY(keyring::read_root_half(config.root_key.string()));
  return keyring::Keyring::create(store, half, random, clock);
}

// Each step is skipped when an init that was cut short did it already.
Outcome init_all(const Init& options, bool& was_there) {
  OsRandom random;
  SystemClock clock;
  const auto config = TRY(read_config(options.config));
  const auto login = TRY(people::canonical_login(options.admin).within("--admin"));
  const auto store = TRY(open_store(config, clock));
  const auto standing = TRY(standing_of(*store));
  was_there = standing.keys && standing.accounts;
  if (was_there) return {};
  if (!standing.keys) TRY(make_keys(config, *store, random, clock));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  auto& core = foundation->core();
  audit::Entry entry{.event = audit::Event::core_initialised};
  entry.actor = audit::the_system();
  TRY(core.audit.append(core.store, entry));
  const auto made = TRY(core.people.create_first({login, "", {}, access::Role::administrator}));
  return give_out(options.password_out, made.one_time_password.expose());
}

Result<audit::Verdict> verdict_of(const std::filesystem::path& path) {
  OsRandom random;
  SystemClock clock;
  const auto config = TRY(read_config(path));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  return foundation->core().audit.verify(foundation->core().store);
}

Outcome make(const MakeToken& options) {
  OsRandom random;
  SystemClock clock;
  const auto config = TRY(read_config(options.config));
  const auto scope =
      TRY(access::scope_named(options.scope)
              .within("--scope is admin, sessions:use, messages:write or messages:read"));
  const auto foundation = TRY(Foundation::open(config, random, clock));
  const auto made =
      TRY(foundation->core().people.create_token_for(options.user, options.name, scope));
  return give_out(options.out, bytes::of(made.secret));
}

}  // namespace

int init(const Init& options) {
  guard_process();
  bool was_there = false;
  const auto outcome = init_all(options, was_there);
  if (!outcome) return fail(outcome.error());
  if (was_there && !options.if_needed)
    return fail(Error{Code::conflict, "this core was initialised before"},
                "nothing was changed; --if-needed makes this no error");
  if (was_there) std::fprintf(stderr, "sallyport-core: already initialised, nothing changed\n");
  return 0;
}

int verify_audit(const std::filesystem::path& config, bool json) {
  guard_process();
  const auto verdict = verdict_of(config);
  if (!verdict) return fail(verdict.error());
  const auto at = verdict->at_seq ? std::to_string(*verdict->at_seq) : "null";
  if (json) {
    // `problem` is a sentence of ours, without a sign that JSON would escape.
    const auto problem = verdict->problem.empty() ? "null" : "\"" + verdict->problem + "\"";
    std::printf("{\"intact\":%s,\"checked\":%lld,\"last_seq\":%lld,\"problem\":%s,\"at_seq\":%s}\n",
                verdict->intact ? "true" : "false", static_cast<long long>(verdict->checked),
                static_cast<long long>(verdict->last_seq), problem.c_str(), at.c_str());
  } else if (verdict->intact) {
    std::printf("intact: %lld events\n", static_cast<long long>(verdict->checked));
  }
  if (verdict->intact) return 0;
  return fail(Error{Code::corrupt, "the audit trail was tampered with: " + verdict->problem},
              "everything before event " + at + " holds; compare with a backup of the database");
}

int make_token(const MakeToken& options) {
  guard_process();
  const auto outcome = make(options);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace sp::core
