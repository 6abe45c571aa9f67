#include "core/settings/settings.h"

#include "base/testing/catch.h"
#include "core/audit/testing/audited_store.h"
#include "core/settings/settings_json.h"

namespace sp::settings {
namespace {

struct Bench : audit::testing::AuditedStore {
  explicit Bench(store::Engine engine) : AuditedStore(engine) {
    settings = std::make_unique<Settings>(fresh.store(), *keyring, *audit, clock);
  }
  Result<Values> replace(const Values& values, PasswordChange password = {}) {
    return settings->replace(*access::authorise(actor, access::Action::settings_write), values,
                             std::move(password));
  }
  access::Actor actor = access::system_actor();
  std::unique_ptr<Settings> settings;
};

std::vector<std::string> fields(const Values& values) {
  std::vector<std::string> names;
  for (const auto& error : check(values)) names.push_back(error.field);
  return names;
}

TEST_CASE("a new core has settings that hold together", "[settings]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};

  const auto values = bench.settings->current();

  REQUIRE(values);
  CHECK(fields(*values).empty());
  CHECK(values->limits.default_life == std::chrono::hours{24});
  CHECK_FALSE(values->mail.password_set);
}

TEST_CASE("settings come back as they were stored", "[settings]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  auto values = *bench.settings->current();
  values.mail = {"mail.example", 25, MailSecurity::none, "user", "us@example.com", "Us", {}, false};
  values.limits.max_views = 7;
  values.branding = {"Firm ü", "#112233", "Call us", bytes::copy(bytes::of("\x89PNG\r\n\x1a\nxx")),
                     "image/png"};
  values.languages = {"de", "en"};
  values.of(TemplateKind::viewed).subject = "Seen";

  REQUIRE(bench.replace(values));

  const auto stored = bench.settings->current();
  CHECK(encode(*stored) == encode(values));
  CHECK(stored->revision == 1);
  CHECK(stored->mail.security == MailSecurity::none);
}

TEST_CASE("who read older settings cannot overwrite newer ones", "[settings]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto values = *bench.settings->current();
  REQUIRE(bench.replace(values));

  CHECK(bench.replace(values).error().code() == Code::conflict);
}

TEST_CASE("the mail password is sealed, kept, replaced and forgotten", "[settings][promise-2]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  const auto set = [](std::string_view text) {
    return PasswordChange{PasswordChange::What::set, Secret::copy_of(bytes::of(text))};
  };
  auto values = *bench.replace(*bench.settings->current(), set("hunter2hunter2"));
  CHECK(values.mail.password_set);

  values = *bench.replace(values);
  CHECK(bytes::text(bench.settings->mail_password()->expose()) == "hunter2hunter2");
  const auto row = bench.fresh.store().read(
      [](store::Transaction& tx) { return tx.one("SELECT mail_password, body FROM settings"); });
  CHECK(bytes::text((*row)->bytes(0)).find("hunter2") == std::string_view::npos);
  CHECK(bytes::text((*row)->bytes(1)).find("hunter2") == std::string_view::npos);

  values = *bench.replace(values, {PasswordChange::What::forget, {}});
  CHECK_FALSE(values.mail.password_set);
  CHECK(bench.settings->mail_password()->empty());
}

TEST_CASE("a change is told to who listens and to the trail, with the parts that changed",
          "[settings]") {
  Bench bench{GENERATE(from_range(store::testing::engines()))};
  std::string heard;
  bench.settings->on_change([&](const Values& values) { heard = values.branding.name; });
  auto values = *bench.settings->current();
  values.branding.name = "Firm";

  REQUIRE(bench.replace(values));

  CHECK(heard == "Firm");
  const auto record = audit::list(bench.fresh.store(), {}, 0, 1)->front();
  CHECK(record.code == "settings.changed");
  CHECK(record.details.front().second == "branding");
}

TEST_CASE("each wrong setting is named", "[settings]") {
  struct Case {
    std::string field;
    std::function<void(Values&)> spoil;
  };
  const auto one = GENERATE(from_range(std::vector<Case>{
      {"mail.host",
       [](Values& v) {
         v.mail.host = "a b";
         v.mail.from = "a@b";
       }},
      {"mail.port", [](Values& v) { v.mail.port = 0; }},
      {"mail.from", [](Values& v) { v.mail.from = "nobody"; }},
      {"mail.from", [](Values& v) { v.mail.host = "mail"; }},
      {"mail.ca_certificate", [](Values& v) { v.mail.ca_certificate = "no PEM"; }},
      {"mail.from_name", [](Values& v) { v.mail.from_name = "a\r\nBcc: x"; }},
      {"limits.max_life", [](Values& v) { v.limits.max_life = std::chrono::hours{24 * 400}; }},
      {"limits.default_life",
       [](Values& v) { v.limits.default_life = std::chrono::hours{24 * 31}; }},
      {"limits.max_views", [](Values& v) { v.limits.max_views = 1001; }},
      {"limits.default_views", [](Values& v) { v.limits.default_views = 0; }},
      {"limits.max_bytes", [](Values& v) { v.limits.max_bytes = 1; }},
      {"templates.invite.subject", [](Values& v) { v.of(TemplateKind::invite).subject = "a\nb"; }},
      {"templates.invite.text", [](Values& v) { v.of(TemplateKind::invite).text = "no link"; }},
      {"templates.viewed.text", [](Values& v) { v.of(TemplateKind::viewed).text = ""; }},
      {"branding.colour", [](Values& v) { v.branding.colour = "red"; }},
      {"branding.logo",
       [](Values& v) {
         v.branding.logo = Bytes(100);
         v.branding.logo_type = "image/png";
       }},
      {"branding.name", [](Values& v) { v.branding.name = ""; }},
      {"languages",
       [](Values& v) {
         v.languages = {"en", "xx"};
       }},
      {"languages",
       [](Values& v) {
         v.languages = {"en", "en"};
       }},
  }));
  auto values = defaults();

  one.spoil(values);

  CHECK(fields(values) == std::vector{one.field});
}

}  // namespace
}  // namespace sp::settings
