#pragma once
// What an administrator can set while the core runs. Typed, validated as a whole, kept in the
// database, seen by every core on it; a change takes effect at once.

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes/bytes.h"
#include "base/result/result.h"
#include "base/secret/secret.h"
#include "base/time/clock.h"
#include "core/access/access.h"
#include "core/audit/audit.h"
#include "core/keyring/keyring.h"
#include "core/store/store.h"

namespace sp::settings {

enum class MailSecurity : std::uint8_t { none, starttls, tls };
std::string_view name(MailSecurity security);

struct Mail {
  std::string host;  ///< empty: no mail is sent
  std::uint16_t port = 587;
  MailSecurity security = MailSecurity::starttls;
  std::string username;  ///< empty: no authentication
  std::string from, from_name;
  std::string ca_certificate;  ///< PEM; trusted alone then. Empty: the system's authorities
  bool password_set = false;   ///< the password itself: Settings::mail_password
};
struct Limits {
  Duration max_life = std::chrono::hours{24 * 30};
  Duration default_life = std::chrono::hours{24};
  int max_views = 100;
  int default_views = 1;
  std::int64_t max_bytes = std::int64_t{100} << 20;
};
struct Template {
  std::string subject, text, html;
};
enum class TemplateKind : std::uint8_t { invite, viewed, destroyed_unread, wrong_passphrase };
inline constexpr std::size_t template_count = 4;
std::string_view name(TemplateKind kind);
struct Branding {
  std::string name = "Sallyport", colour = "#2457c5", help;
  Bytes logo;             ///< empty: none
  std::string logo_type;  ///< image/png, image/jpeg or image/webp
};

struct Values {
  std::int64_t revision = 0;
  Mail mail;
  Limits limits;
  std::array<Template, template_count> templates;
  Branding branding;
  std::vector<std::string> languages{"en", "de", "fr", "es", "ja"};

  [[nodiscard]] const Template& of(TemplateKind kind) const {
    return templates[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] Template& of(TemplateKind kind) {
    return templates[static_cast<std::size_t>(kind)];
  }
};
/// What a new core has.
Values defaults();

struct FieldError {
  std::string field, detail;
};
/// Everything that is wrong with `values`; empty when they hold together.
std::vector<FieldError> check(const Values& values);

/// What is to become of the mail password.
struct PasswordChange {
  enum class What : std::uint8_t { keep, set, forget };
  What what = What::keep;
  Secret password;
};

/// Safe from every thread.
class Settings {
 public:
  Settings(store::Store& store, const keyring::Keyring& keyring, const audit::Audit& audit,
           const Clock& clock);

  /// As they stand in the database.
  Result<Values> current();
  Result<Values> current(store::Transaction& transaction);
  /// Text; empty when none is set. Not in `Values`, so that it is not carried about.
  Result<Secret> mail_password();
  /// Replaces all. `values.revision` is the one that was read: `conflict` when somebody changed
  /// them since. `invalid_input` when `check` finds anything. Audited with the names of what
  /// changed.
  Result<Values> replace(const access::Permit& permit, const Values& values,
                         PasswordChange password);
  /// `what` is called after each change by this core, with the new values, on the changing thread.
  void on_change(std::function<void(const Values&)> what);

 private:
  store::Store* store_;
  const keyring::Keyring* keyring_;
  const audit::Audit* audit_;
  const Clock* clock_;
  std::mutex mutex_;
  std::vector<std::function<void(const Values&)>> listeners_;
};

}  // namespace sp::settings
