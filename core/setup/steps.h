#pragma once
// The steps of set-up that touch the machine.

#include "base/secret/secret.h"
#include "base/setup/questions.h"
#include "core/setup/setup.h"
#include "core/setup/words.h"

namespace sp::core {

struct MailAnswers {
  bool asked = false;
  std::string host, port, security, from, username;
  std::filesystem::path password_file;
};
struct Answers {
  Standing standing;
  std::filesystem::path data;
  std::string certificate_kind;
  std::string admin;
  MailAnswers mail;
};

/// Asks everything that is needed; `there`: a configuration stands.
Result<Answers> ask_all(setup::Questions& questions, const SetupOptions& options, bool there);
/// Opens the database once, as the service will.
Outcome try_database(const Answers& answers);
/// Keys, schema and the first administrator, unless they are there. His one-time password, when
/// he is new.
Result<std::optional<Secret>> initialise(const SetupOptions& options, const Answers& answers);
Outcome set_mail(const SetupOptions& options, const Answers& answers);

}  // namespace sp::core
