#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "base/result/result.h"
#include "base/secret/secret.h"

namespace sp::mail {

enum class Security : std::uint8_t {
  none,      ///< in the clear; for a relay on this machine
  starttls,  ///< refused when the server does not offer it
  tls,       ///< from the first byte
};

struct SmtpServer {
  std::string host;
  std::uint16_t port = 587;
  Security security = Security::starttls;
  std::string user;  ///< empty: no authentication
  Secret password;
  std::string ca;  ///< PEM; the only authorities then. Empty: the system's
  std::chrono::seconds timeout{30};
};

/// Where mails go. The queue's tests have one of their own.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Hands one mail over. `unavailable` when it is worth trying again (no connection, 4xx, or what
  /// other settings would mend, such as a wrong password), `forbidden` when the server refused this
  /// mail for good (5xx). The detail is a sentence for an administrator.
  virtual Outcome deliver(const SmtpServer& server, const std::string& from, const std::string& to,
                          const Secret& mail) = 0;
};

/// SMTP by libcurl (RFC 5321). Safe from every thread; each call makes its own connection. The
/// server's certificate and name are always checked, from TLS 1.2 on.
class SmtpTransport final : public Transport {
 public:
  Outcome deliver(const SmtpServer& server, const std::string& from, const std::string& to,
                  const Secret& mail) override;
};

}  // namespace sp::mail
