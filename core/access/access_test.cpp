#include "core/access/access.h"

#include "base/testing/catch.h"

namespace sp::access {
namespace {

Actor person(Role role, std::optional<Scope> scope = {}) {
  Actor actor;
  actor.kind = scope ? Actor::Kind::token : Actor::Kind::person;
  actor.person = "me";
  actor.role = role;
  actor.scope = scope;
  return actor;
}

std::string verdict(const Actor& actor, Action action, const Object& object = {"", "", "me"}) {
  const auto permit = authorise(actor, action, object);
  return permit ? "yes" : std::string{sp::name(permit.error().code())};
}

TEST_CASE("who may do what is this table and nothing else", "[access][promise-8]") {
  struct Line {
    Action action;
    std::string anonymous, user, administrator, reader, writer, admin_token_of_user, admin_token;
  };
  const auto no = std::string{"forbidden"}, in = std::string{"unauthenticated"},
             yes = std::string{"yes"};
  const auto line = GENERATE_COPY(from_range(std::vector<Line>{
      {Action::openapi_read, yes, yes, yes, yes, yes, yes, yes},
      {Action::session_open, yes, yes, yes, yes, yes, yes, yes},
      {Action::session_read, in, yes, yes, yes, yes, yes, yes},
      {Action::session_close, in, yes, yes, yes, yes, yes, yes},
      {Action::password_change, in, yes, yes, no, no, yes, yes},
      {Action::people_read, in, no, yes, no, no, no, yes},
      {Action::people_write, in, no, yes, no, no, no, yes},
      {Action::tokens_read, in, yes, yes, no, no, yes, yes},
      {Action::tokens_write, in, yes, yes, no, no, yes, yes},
      {Action::audit_read, in, no, yes, no, no, no, yes},
      {Action::audit_export, in, no, yes, no, no, no, yes},
      {Action::audit_verify, in, no, yes, no, no, no, yes},
      {Action::settings_read, in, no, yes, no, no, no, yes},
      {Action::settings_write, in, no, yes, no, no, no, yes},
      {Action::compose_read, in, yes, yes, no, yes, yes, yes},
      {Action::messages_read, in, yes, yes, yes, yes, yes, yes},
      {Action::messages_write, in, yes, yes, no, yes, yes, yes},
      {Action::edges_read, in, yes, yes, no, yes, yes, yes},
      {Action::edges_write, in, no, yes, no, no, no, yes},
      {Action::permissions_read, in, no, yes, no, no, no, yes},
      {Action::permissions_write, in, no, yes, no, no, no, yes},
  }));

  CAPTURE(name(line.action));
  CHECK(verdict({}, line.action) == line.anonymous);
  CHECK(verdict(person(Role::user), line.action) == line.user);
  CHECK(verdict(person(Role::administrator), line.action) == line.administrator);
  CHECK(verdict(person(Role::administrator, Scope::messages_read), line.action) == line.reader);
  CHECK(verdict(person(Role::administrator, Scope::messages_write), line.action) == line.writer);
  CHECK(verdict(person(Role::user, Scope::admin), line.action) == line.admin_token_of_user);
  CHECK(verdict(person(Role::administrator, Scope::admin), line.action) == line.admin_token);
  CHECK(verdict(system_actor(), line.action) == "yes");
}

TEST_CASE("somebody else's message does not exist for a user", "[access][promise-8]") {
  const Object theirs{"message", "1", "you"};

  CHECK(verdict(person(Role::user), Action::messages_read, theirs) == "not_found");
  CHECK(verdict(person(Role::user), Action::messages_read, {}) == "not_found");
  CHECK(verdict(person(Role::administrator), Action::messages_write, theirs) == "yes");
  CHECK(verdict(person(Role::administrator, Scope::messages_write), Action::messages_write,
                theirs) == "not_found");
  CHECK(verdict(person(Role::administrator, Scope::admin), Action::messages_write, theirs) ==
        "yes");
}

TEST_CASE("what a right was given on is judged by the right, for administrators too",
          "[access][promise-8]") {
  struct Line {
    Action action;
    std::string none, use, see, change, administrator, administrator_see;
  };
  const auto no = std::string{"forbidden"}, hidden = std::string{"not_found"},
             yes = std::string{"yes"};
  const auto line = GENERATE_COPY(from_range(std::vector<Line>{
      {Action::sites_read, hidden, yes, yes, yes, yes, yes},
      {Action::sites_write, hidden, no, no, yes, yes, yes},
      {Action::hosts_read, hidden, yes, yes, yes, yes, yes},
      {Action::hosts_write, hidden, no, no, yes, yes, yes},
      {Action::hosts_use, hidden, yes, no, no, no, no},
      {Action::credentials_read, hidden, yes, yes, yes, yes, yes},
      {Action::credentials_write, hidden, no, no, yes, yes, yes},
      {Action::credentials_use, hidden, yes, no, no, no, no},
      {Action::credentials_see, hidden, no, yes, no, no, yes},
  }));
  const auto user = person(Role::user), chief = person(Role::administrator);
  const auto with = [](Rights rights) { return Object{"credential", "1", {}, rights}; };

  CAPTURE(name(line.action));
  CHECK(verdict(user, line.action, with({})) == line.none);
  CHECK(verdict(user, line.action, with(Right::use)) == line.use);
  CHECK(verdict(user, line.action, with(Right::see)) == line.see);
  CHECK(verdict(user, line.action, with(Right::change)) == line.change);
  CHECK(verdict(user, line.action, with(all_rights)) == yes);
  CHECK(verdict(chief, line.action, with({})) == line.administrator);
  CHECK(verdict(chief, line.action, with(Right::see)) == line.administrator_see);
  CHECK(verdict(system_actor(), line.action, with({})) == yes);
  CHECK(verdict({}, line.action, with(all_rights)) == "unauthenticated");
  CHECK(verdict(person(Role::user, Scope::messages_write), line.action, with(all_rights)) == no);
}

TEST_CASE("a token for sessions connects, and neither changes nor shows a secret",
          "[access][promise-8]") {
  const auto token = person(Role::administrator, Scope::sessions_use);
  const Object everything{"credential", "1", {}, all_rights};

  CHECK(verdict(token, Action::hosts_use, everything) == "yes");
  CHECK(verdict(token, Action::credentials_use, everything) == "yes");
  CHECK(verdict(token, Action::hosts_write, everything) == "forbidden");
  CHECK(verdict(token, Action::credentials_see, everything) == "forbidden");
  CHECK(verdict(token, Action::hosts_read, {"host", "1", {}}) == "not_found");
}

TEST_CASE("while a password change is due nothing else is allowed", "[access]") {
  auto actor = person(Role::administrator);
  actor.must_change_password = true;

  CHECK(verdict(actor, Action::messages_read) == "forbidden");
  CHECK(verdict(actor, Action::people_read) == "forbidden");
  CHECK(verdict(actor, Action::password_change) == "yes");
  CHECK(verdict(actor, Action::session_read) == "yes");
}

}  // namespace
}  // namespace sp::access
