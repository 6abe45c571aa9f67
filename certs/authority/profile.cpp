#include "certs/authority/profile.h"

#include <algorithm>
#include <array>
#include <string>

namespace sp::certs {
namespace {

using std::chrono::days;
using std::chrono::minutes;

// 825 days: Apple's clients refuse a server certificate that lives longer, whoever signed it.
constexpr days longest_server{825};

constexpr std::array table{
    Rules{Profile::root, "root", true, days{3650}, days{7300}, minutes{60}, "keyCertSign,cRLSign",
          ""},
    Rules{Profile::intermediate, "intermediate", true, days{1095}, days{3650}, minutes{60},
          "keyCertSign,cRLSign", "serverAuth"},
    Rules{Profile::server, "server", false, days{397}, longest_server, minutes{60},
          "digitalSignature", "serverAuth"},
    Rules{Profile::core_identity, "core", false, days{90}, days{397}, minutes{5},
          "digitalSignature", "serverAuth,clientAuth"},
    Rules{Profile::edge_identity, "edge", false, days{30}, days{397}, minutes{5},
          "digitalSignature", "clientAuth,serverAuth"},
    Rules{Profile::self_signed, "self-signed", false, days{397}, longest_server, minutes{60},
          "digitalSignature", "serverAuth"},
};

struct NamedKey {
  KeyKind kind;
  std::string_view name;
};
constexpr std::array key_names{NamedKey{KeyKind::p256, "p256"}, NamedKey{KeyKind::p384, "p384"},
                               NamedKey{KeyKind::rsa2048, "rsa2048"},
                               NamedKey{KeyKind::rsa3072, "rsa3072"}};

template <class Table>
Error unknown(std::string_view what, const Table& known) {
  std::string names;
  for (const auto& one : known) names += (names.empty() ? "" : ", ") + std::string{one.name};
  return Error{Code::invalid_input,
               "there is no such " + std::string{what} + "; there are " + names};
}

Instant day(std::chrono::year_month_day date) {
  return Instant{std::chrono::sys_days{date}};
}

std::string in_days(days life) {
  return std::to_string(life.count()) + " days";
}

}  // namespace

const Rules& rules(Profile profile) {
  const auto found = std::ranges::find(table, profile, &Rules::profile);
  ensure(found != table.end());
  return *found;
}

std::span<const Rules> all_rules() {
  return table;
}

Result<Profile> profile_named(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Rules::name);
  if (found == table.end()) return unknown("profile", table);
  return found->profile;
}

Result<KeyKind> key_kind_named(std::string_view name) {
  const auto found = std::ranges::find(key_names, name, &NamedKey::name);
  if (found == key_names.end()) return unknown("kind of key", key_names);
  return found->kind;
}

Result<openssl::Pkey> new_key(KeyKind kind) {
  const auto make = [&] {
    switch (kind) {
      case KeyKind::p384:
        return ::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
      case KeyKind::rsa2048:
        return ::EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
      case KeyKind::rsa3072:
        return ::EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{3072});
      case KeyKind::p256:
        break;
    }
    return ::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  };
  openssl::Pkey key{make()};
  if (key == nullptr) return openssl::failure("make key");
  return key;
}

days longest_public_life(Instant at) {
  using namespace std::chrono_literals;
  if (at >= day(2029y / 3 / 15)) return days{47};
  if (at >= day(2027y / 3 / 15)) return days{100};
  if (at >= day(2026y / 3 / 15)) return days{200};
  return days{398};
}

Result<Validity> validity(const Rules& rules, Instant now, std::optional<days> life, bool is_public,
                          std::optional<Instant> issuer_end) {
  const auto most = is_public ? std::min(rules.longest, longest_public_life(now)) : rules.longest;
  const auto wanted = life.value_or(std::min(rules.life, most));
  if (wanted < days{1})
    return Error{Code::invalid_input, "a certificate lives for one day at least"};
  if (wanted > most)
    return Error{Code::invalid_input, "clients refuse " + std::string{rules.name} +
                                          " certificates of " + in_days(wanted) + "; ask for " +
                                          in_days(most) + " at most"};
  const auto from = std::chrono::floor<std::chrono::seconds>(now) - rules.early;
  auto until = Instant{from + wanted - std::chrono::seconds{1}};
  if (issuer_end) until = std::min(until, *issuer_end);
  if (until <= now)
    return Error{Code::expired, "the authority expired on " + rfc3339(*issuer_end) +
                                    "; make its successor with: sallyport-certs ca rotate"};
  return Validity{from, until};
}

}  // namespace sp::certs
