#include "core/people/people.h"

#include <atomic>
#include <thread>

#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"

namespace sp::people {
namespace {

using access::Action;

Secret secret(std::string_view text) {
  return Secret::copy_of(bytes::of(text));
}
constexpr std::string_view good_password = "a long enough password";

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine), hasher({64, 1}, random) {
    people = std::make_unique<People>(fresh.store(), *audit, *keyring, hasher, random, clock);
    auto made = people->create_first(
        {.login = "root", .name = "", .email = {}, .role = access::Role::administrator});
    REQUIRE(made);
    root = made->person;
    one_time = std::move(made->one_time_password);
  }
  SignIn sign_in(std::string_view login, const Secret& password,
                 std::string_view source = "10.0.0.1") {
    auto answer = people->sign_in(login, password, source);
    REQUIRE(answer);
    return std::move(*answer);
  }
  std::optional<Caller> caller(const std::string& cookie) {
    auto found = people->by_cookie(cookie, "10.0.0.1");
    REQUIRE(found);
    return *found;
  }
  access::Permit permit(Action action) {
    return *access::authorise(administrator(), action, {"", "", root.id});
  }
  const access::Actor& administrator() {
    actor.kind = access::Actor::Kind::person;
    actor.person = root.id;
    actor.role = access::Role::administrator;
    return actor;
  }
  std::vector<std::string> codes() {
    std::vector<std::string> all;
    const auto records = audit::list(fresh.store(), {}, 0, 100);
    for (const auto& record : *records) all.insert(all.begin(), record.code);
    return all;
  }

  Hasher hasher;
  std::unique_ptr<People> people;
  Person root;
  Secret one_time;
  access::Actor actor;
};

#define ON_BOTH                                     \
  Bench bench {                                     \
    GENERATE(from_range(store::testing::engines())) \
  }

TEST_CASE("the first administrator signs in once and must change the password", "[people]") {
  ON_BOTH;

  const auto answer = bench.sign_in(" ROOT ", bench.one_time);

  REQUIRE(answer.step == SignIn::Step::done);
  CHECK(answer.person.must_change_password);
  const auto caller = bench.caller(answer.cookie);
  REQUIRE(caller);
  CHECK(caller->actor.must_change_password);
  CHECK(caller->session->csrf_token == answer.csrf_token);
  CHECK(bench.people
            ->create_first(
                {.login = "again", .name = "", .email = {}, .role = access::Role::administrator})
            .error()
            .code() == Code::conflict);
}

TEST_CASE("a changed password ends every session, renews this one and counts from then on",
          "[people]") {
  ON_BOTH;
  const auto first = bench.sign_in("root", bench.one_time);
  const auto second = bench.sign_in("root", bench.one_time);
  const auto actor = bench.caller(first.cookie)->actor;
  const auto permit = access::authorise(actor, Action::password_change);

  const auto renewed =
      bench.people->change_password(*permit, bench.one_time, secret(good_password));

  REQUIRE(renewed);
  CHECK_FALSE(bench.caller(first.cookie));
  CHECK_FALSE(bench.caller(second.cookie));
  REQUIRE(bench.caller(renewed->cookie));
  CHECK_FALSE(bench.caller(renewed->cookie)->actor.must_change_password);
  CHECK(bench.sign_in("root", bench.one_time).step == SignIn::Step::refused);
  CHECK(bench.sign_in("root", secret(good_password)).step == SignIn::Step::done);
}

TEST_CASE("a new password that is too short, the old one or the login is refused", "[people]") {
  ON_BOTH;
  const auto permit = bench.permit(Action::password_change);
  const auto refused = [&](std::string_view next) {
    const auto answer = bench.people->change_password(permit, bench.one_time, secret(next));
    return !answer && answer.error().code() == Code::invalid_input;
  };

  CHECK(refused("short"));
  CHECK(refused("elevenchars"));
  CHECK(refused(bytes::text(bench.one_time.expose())));
  const auto wrong =
      bench.people->change_password(permit, secret("not this"), secret(good_password));
  CHECK(wrong->step == SignIn::Step::refused);
}

TEST_CASE("an unknown name and a wrong password are answered alike", "[people][promise-9]") {
  ON_BOTH;

  const auto unknown = bench.sign_in("nobody", secret("x"));
  const auto odd = bench.sign_in("no such name!", secret("x"));
  const auto wrong = bench.sign_in("root", secret("x"));

  CHECK(unknown.step == SignIn::Step::refused);
  CHECK(odd.step == SignIn::Step::refused);
  CHECK(wrong.step == SignIn::Step::refused);
}

TEST_CASE("wrong passwords lock an account for a time that grows", "[people]") {
  ON_BOTH;
  for (int i = 0; i < 5; ++i)
    CHECK(bench.sign_in("root", secret("x"), "s" + std::to_string(i)).step ==
          SignIn::Step::refused);

  const auto locked = bench.sign_in("root", bench.one_time, "elsewhere");
  CHECK(locked.step == SignIn::Step::locked);
  CHECK(locked.retry_after == std::chrono::seconds{30});
  bench.clock.advance(std::chrono::seconds{31});
  CHECK(bench.sign_in("root", secret("x"), "elsewhere").step == SignIn::Step::refused);
  CHECK(bench.sign_in("root", bench.one_time, "elsewhere").retry_after == std::chrono::seconds{60});
  bench.clock.advance(std::chrono::seconds{61});
  CHECK(bench.sign_in("root", bench.one_time, "elsewhere").step == SignIn::Step::done);
  CHECK(bench.sign_in("root", secret("x"), "elsewhere").step == SignIn::Step::refused);
}

TEST_CASE("a name that does not exist locks like one that does", "[people][promise-9]") {
  ON_BOTH;
  for (int i = 0; i < 5; ++i) bench.sign_in("nobody", secret("x"), "s" + std::to_string(i));

  CHECK(bench.sign_in("nobody", secret("x"), "elsewhere").step == SignIn::Step::locked);
}

TEST_CASE("a source that tries many names is locked out, others are not", "[people]") {
  ON_BOTH;
  for (int i = 0; i < 20; ++i) bench.sign_in("name" + std::to_string(i), secret("x"), "10.9.9.9");

  CHECK(bench.sign_in("root", bench.one_time, "10.9.9.9").step == SignIn::Step::locked);
  CHECK(bench.sign_in("root", bench.one_time, "10.1.1.1").step == SignIn::Step::done);
}

TEST_CASE("tries at the same moment do not slip past the limit", "[people]") {
  ON_BOTH;
  std::atomic<int> refused{0}, locked{0};

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 12; ++t)
      threads.emplace_back([&, t] {
        const auto answer = bench.people->sign_in("root", secret("x"), "s" + std::to_string(t));
        if (answer) ++(answer->step == SignIn::Step::locked ? locked : refused);
      });
  }

  CHECK(refused == 5);
  CHECK(locked == 7);
}

TEST_CASE("a session ends when idle, when old, at sign-out, and when its account is disabled",
          "[people]") {
  ON_BOTH;
  const auto idle = bench.sign_in("root", bench.one_time);
  bench.clock.advance(std::chrono::minutes{29});
  CHECK(bench.caller(idle.cookie));
  bench.clock.advance(std::chrono::minutes{29});
  CHECK(bench.caller(idle.cookie));
  bench.clock.advance(std::chrono::minutes{31});
  CHECK_FALSE(bench.caller(idle.cookie));

  const auto old = bench.sign_in("root", bench.one_time);
  bool alive = true;
  for (int i = 0; i < 12 * 3; ++i) {
    alive = alive && bench.caller(old.cookie).has_value();
    bench.clock.advance(std::chrono::minutes{20});
  }
  CHECK(alive);
  CHECK_FALSE(bench.caller(old.cookie));

  const auto mine = bench.sign_in("root", bench.one_time);
  const auto actor = bench.caller(mine.cookie)->actor;
  CHECK(bench.people->sign_out(*access::authorise(actor, Action::session_close)));
  CHECK_FALSE(bench.caller(mine.cookie));
}

TEST_CASE("a disabled account loses its sessions and tokens and cannot sign in", "[people]") {
  ON_BOTH;
  const auto made = bench.people->create(
      bench.permit(Action::people_write),
      {.login = "anna", .name = "Anna", .email = {}, .role = access::Role::user});
  const auto session = bench.sign_in("anna", made->one_time_password);
  const auto token = bench.people->create_token_for("anna", "t", access::Scope::messages_read);
  REQUIRE(bench.people->by_token(token->secret, "")->has_value());

  REQUIRE(bench.people->change(bench.permit(Action::people_write), made->person.id,
                               {.name = {}, .email = {}, .role = {}, .disabled = true}));

  CHECK_FALSE(bench.caller(session.cookie));
  CHECK_FALSE(bench.people->by_token(token->secret, "")->has_value());
  CHECK(bench.sign_in("anna", made->one_time_password).step == SignIn::Step::refused);
}

TEST_CASE("the last administrator can neither be disabled nor demoted", "[people]") {
  ON_BOTH;
  const auto permit = bench.permit(Action::people_write);

  CHECK(bench.people
            ->change(permit, bench.root.id, {.name = {}, .email = {}, .role = {}, .disabled = true})
            .error()
            .code() == Code::conflict);
  CHECK(bench.people
            ->change(permit, bench.root.id,
                     {.name = {}, .email = {}, .role = access::Role::user, .disabled = {}})
            .error()
            .code() == Code::conflict);
  CHECK(
      bench.people
          ->change(permit, bench.root.id, {.name = "Root", .email = {}, .role = {}, .disabled = {}})
          ->name == "Root");
}

TEST_CASE("logins are one whatever their case, and taken once", "[people]") {
  ON_BOTH;
  const auto permit = bench.permit(Action::people_write);

  CHECK(bench.people
            ->create(permit, {.login = "Root", .name = "", .email = {}, .role = access::Role::user})
            .error()
            .code() == Code::conflict);
  CHECK(bench.people
            ->create(permit, {.login = "a b", .name = "", .email = {}, .role = access::Role::user})
            .error()
            .code() == Code::invalid_input);
  CHECK(bench.people
            ->create(permit, {.login = "x", .name = "", .email = {}, .role = access::Role::user})
            .error()
            .code() == Code::invalid_input);
  CHECK(*canonical_login(" Anna.B@Example ") == "anna.b@example");
}

TEST_CASE("accounts are listed by name and page by page", "[people]") {
  ON_BOTH;
  for (const auto* login : {"anna", "bert", "carl_"})
    REQUIRE(bench.people->create(
        bench.permit(Action::people_write),
        {.login = login, .name = "", .email = {}, .role = access::Role::user}));
  const auto permit = bench.permit(Action::people_read);

  CHECK(bench.people->list(permit, "", "", 2)->size() == 2);
  CHECK(bench.people->list(permit, "", "bert", 10)->front().login == "carl_");
  CHECK(bench.people->list(permit, "NN", "", 10)->front().login == "anna");
  CHECK(bench.people->list(permit, "_", "", 10)->size() == 1);
  CHECK(bench.people->list(permit, "%", "", 10)->empty());
}

TEST_CASE("a reset ends sessions and lockout and gives a password for one use", "[people]") {
  ON_BOTH;
  const auto session = bench.sign_in("root", bench.one_time);
  for (int i = 0; i < 6; ++i) bench.sign_in("root", secret("x"), "s");

  const auto reset =
      bench.people->reset_password(bench.permit(Action::people_write), bench.root.id);

  REQUIRE(reset);
  CHECK_FALSE(bench.caller(session.cookie));
  CHECK(bench.sign_in("root", reset->one_time_password).person.must_change_password);
}

TEST_CASE("a token works until it expires or is revoked, by its owner or an administrator alone",
          "[people][promise-8]") {
  ON_BOTH;
  const auto anna =
      bench.people->create(bench.permit(Action::people_write),
                           {.login = "anna", .name = "", .email = {}, .role = access::Role::user});
  access::Actor as_anna = bench.administrator();
  as_anna.person = anna->person.id;
  as_anna.role = access::Role::user;
  const auto of_root = bench.people->create_token(bench.permit(Action::tokens_write), "ci",
                                                  access::Scope::admin, std::chrono::hours{1});

  CHECK(bench.people->by_token(of_root->secret, "")->value().actor.scope == access::Scope::admin);
  CHECK_FALSE(bench.people->by_token(of_root->secret + "x", "")->has_value());
  CHECK(bench.people->revoke_token(as_anna, of_root->token.id).error().code() == Code::not_found);
  bench.clock.advance(std::chrono::hours{2});
  CHECK_FALSE(bench.people->by_token(of_root->secret, "")->has_value());
  const auto of_anna = bench.people->create_token_for("anna", "t", access::Scope::messages_write);
  CHECK(bench.people->tokens(bench.permit(Action::tokens_read), true, "", 10)->size() == 1);
  CHECK(bench.people->tokens(bench.permit(Action::tokens_read), false, "", 10)->empty());
  CHECK(bench.people->revoke_token(bench.administrator(), of_anna->token.id));
  CHECK_FALSE(bench.people->by_token(of_anna->secret, "")->has_value());
}

TEST_CASE("what is swept are ended sessions alone", "[people]") {
  ON_BOTH;
  const auto gone = bench.sign_in("root", bench.one_time);
  bench.clock.advance(std::chrono::minutes{31});
  const auto live = bench.sign_in("root", bench.one_time);

  REQUIRE(bench.people->sweep());

  const auto count = bench.fresh.store().read(
      [](store::Transaction& tx) { return tx.one("SELECT count(*) FROM sessions"); });
  CHECK((*count)->integer(0) == 1);
  CHECK(bench.caller(live.cookie));
}

TEST_CASE("the trail tells of each and holds no secret", "[people]") {
  ON_BOTH;
  bench.sign_in("root", bench.one_time);
  bench.sign_in("root", secret("x"));
  bench.sign_in("my secret password", secret("x"));

  CHECK(bench.codes() == std::vector<std::string>{"person.created", "session.opened",
                                                  "session.refused", "session.refused"});
  CHECK(audit::list(bench.fresh.store(), {}, 0, 1)->front().object.name.empty());
  CHECK(bench.audit->verify(bench.fresh.store())->intact);
}

TEST_CASE("a hash verifies its password alone and says when it is outdated", "[people]") {
  OsRandom random;
  Hasher hasher{{64, 1}, random};
  const auto phc = hasher.hash(secret("one"));

  REQUIRE(phc);
  CHECK(phc->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  CHECK(*hasher.verify(secret("one"), *phc));
  CHECK_FALSE(*hasher.verify(secret("two"), *phc));
  CHECK_FALSE(*hasher.verify(secret("one"), ""));
  CHECK_FALSE(hasher.outdated(*phc));
  CHECK(Hasher({128, 1}, random).outdated(*phc));
  CHECK(hasher.verify(secret("one"), "rubbish").error().code() == Code::corrupt);
}

TEST_CASE("more hashes than the pool and its queue hold are told to come later", "[people]") {
  OsRandom random;
  Hasher hasher{{32 * 1024, 2}, random, 1, 1};
  std::atomic<int> done{0}, later{0};

  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 6; ++t)
      threads.emplace_back([&] {
        const auto hashed = hasher.hash(secret("x"));
        ++(hashed ? done : later);
      });
  }

  CHECK(done >= 1);
  CHECK(done + later == 6);
  CHECK(later >= 1);
}

}  // namespace
}  // namespace sp::people
