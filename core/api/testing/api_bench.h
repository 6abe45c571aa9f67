#pragma once
// A core on a fresh store, and requests to it without sockets. For tests alone.

#include <map>
#include <memory>
#include <string>

#include "base/random/random.h"
#include "core/api/core.h"
#include "core/api/internal/dispatch.h"
#include "core/api/internal/json.h"
#include "core/people/password.h"
#include "core/store/testing/fresh_store.h"

namespace sp::api::testing {

class TextBody final : public BodySource {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  Outcome read(std::size_t limit, const Receive& receive) override {
    if (text_.size() > limit) return Error{Code::invalid_input, "body too large"};
    return receive(bytes::of(text_));
  }
  Outcome read_parts(std::size_t, const std::function<Outcome(const Part&)>&,
                     const Receive&) override {
    return Error{Code::invalid_input, "not multipart"};
  }

 private:
  std::string text_;
};

/// Who sends a request.
struct As {
  std::string cookie, csrf, token;
};

class ApiBench {
 public:
  ApiBench(store::Engine engine, const Clock& clock) : fresh(engine), hasher({64, 1}, random) {
    const auto half = random.secret(32);
    ensure(keyring::Keyring::create(fresh.store(), half, random, clock).has_value());
    keyring = *keyring::Keyring::open(fresh.store(), half, random);
    audit = std::make_unique<audit::Audit>(*keyring, clock);
    people =
        std::make_unique<people::People>(fresh.store(), *audit, *keyring, hasher, random, clock);
    settings = std::make_unique<settings::Settings>(fresh.store(), *keyring, *audit, clock);
    core = std::make_unique<Core>(Core{fresh.store(), *keyring, *audit, *people, *settings, random,
                                       clock, "https://core.test"});
    auto first = people->create_first({"root", "", {}, access::Role::administrator});
    ensure(first.has_value());
    root = first->person;
    root_password = bytes::text(first->one_time_password.expose());
  }

  Response send(const As& as, const std::string& method, const std::string& path,
                const std::string& body = {}, const std::map<std::string, std::string>& more = {}) {
    TextBody text{body};
    Incoming incoming{method, "/api/v1" + path, {},
                      more,   "10.0.0.7",       body.empty() ? nullptr : &text};
    if (path.starts_with("/api/")) incoming.path = path;
    if (const auto question = incoming.path.find('?'); question != std::string::npos) {
      const auto pair = incoming.path.substr(question + 1);
      incoming.path.resize(question);
      incoming.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    if (!body.empty()) incoming.headers.emplace("content-type", "application/json");
    if (!as.cookie.empty())
      incoming.headers.emplace("cookie", "a=b; __Host-sallyport=" + as.cookie);
    if (!as.csrf.empty()) incoming.headers.emplace("x-csrf-token", as.csrf);
    if (!as.token.empty()) incoming.headers.emplace("authorization", "Bearer " + as.token);
    return Dispatcher{*core, router}.answer(incoming);
  }
  static Json json(const Response& response) { return Json::parse(response.body, nullptr, false); }

  /// An account that may sign in, and a session of it.
  As member(const std::string& login, access::Role role) {
    const auto system = access::system_actor();
    const auto permit = access::authorise(system, access::Action::people_write);
    auto made = people->create(*permit, {login, "", {}, role});
    ensure(made.has_value());
    return session(login, made->one_time_password, "a new password of " + login);
  }
  As session(const std::string& login, const Secret& password, const std::string& next) {
    auto opened = people->sign_in(login, password, "10.0.0.7");
    const auto caller = people->by_cookie(opened->cookie, "10.0.0.7");
    const auto permit = access::authorise((*caller)->actor, access::Action::password_change);
    auto changed = people->change_password(*permit, password, Secret::copy_of(bytes::of(next)));
    ensure(changed.has_value() && changed->step == people::SignIn::Step::done);
    return {changed->cookie, changed->csrf_token, {}};
  }
  As token(const std::string& login, access::Scope scope) {
    return {{}, {}, people->create_token_for(login, "test", scope)->secret};
  }

  store::testing::FreshStore fresh;
  OsRandom random;
  people::Hasher hasher;
  std::unique_ptr<keyring::Keyring> keyring;
  std::unique_ptr<audit::Audit> audit;
  std::unique_ptr<people::People> people;
  std::unique_ptr<settings::Settings> settings;
  std::unique_ptr<Core> core;
  Router router;
  people::Person root;
  std::string root_password;
};

}  // namespace sp::api::testing
