#include <algorithm>

#include "core/mail/mime.h"
#include "core/messages/send.h"

namespace sp::messages {
namespace {

bool is_one_line(std::string_view text) {
  return bytes::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

// Collects what is wrong; each check is one line at its caller.
class Checker {
 public:
  explicit Checker(std::vector<Problem>& out) : out_(out) {}
  void demand(bool holds, std::string field, std::string detail) {
    if (!holds) out_.push_back({std::move(field), std::move(detail)});
  }

 private:
  std::vector<Problem>& out_;
};

void check_limits(Checker& check, const NewMessage& wanted, const settings::Limits& limits) {
  const auto least = Duration{std::chrono::seconds{1}};
  check.demand(*wanted.life >= least && *wanted.life <= limits.max_life, "expires_in",
               "between 1s and " + to_text(limits.max_life));
  check.demand(*wanted.views >= 1 && *wanted.views <= limits.max_views, "views",
               "between 1 and " + std::to_string(limits.max_views));
  check.demand(wanted.attempts >= 1 && wanted.attempts <= max_attempts, "attempts",
               "between 1 and 100");
  check.demand(wanted.grace >= Duration{0} && wanted.grace <= max_grace, "grace",
               "between 0s and 10m");
  const auto fits = [](const Secret& passphrase) {
    return !passphrase.empty() && passphrase.size() <= 1024 &&
           bytes::is_utf8(bytes::text(passphrase.expose()));
  };
  check.demand(!wanted.passphrase || fits(*wanted.passphrase), "passphrase",
               "1 to 1,024 bytes of text, or null for none");
}

void check_mail(Checker& check, const NewMessage& wanted, const settings::Values& values) {
  check.demand(!wanted.to || mail::is_address(*wanted.to), "to",
               "must be one mail address such as name@example.org");
  check.demand(!wanted.to_name || is_one_line(*wanted.to_name), "to_name", "one line of text");
  check.demand(!wanted.subject || is_one_line(*wanted.subject), "subject", "one line of text");
  check.demand(std::ranges::find(values.languages, wanted.language) != values.languages.end(),
               "language", "must be one of the languages in the settings");
  const auto has_url = [](const Secret& body) {
    const auto lower = search_text(bytes::text(body.expose()));
    return lower.find("[url]") != std::string::npos;
  };
  check.demand(!wanted.mail_body || has_url(*wanted.mail_body), "mail_body",
               "must contain [URL], where the link will stand");
}

void check_content(Checker& check, const Content& content, const settings::Limits& limits) {
  check.demand(!content.text.empty() || !content.fields.empty() || !content.files.empty(), "text",
               "a message needs a text, a field or a file");
  const auto header = encode_header(content);
  check.demand(header.has_value(), "text",
               "text and fields may have 1 MiB together, files 100 MiB");
  const auto size = header ? header->size() + content.files_size() : 0;
  check.demand(size <= static_cast<std::uint64_t>(limits.max_bytes), "files",
               "the message may have at most " + std::to_string(limits.max_bytes) + " bytes");
}

Outcome find_files(const Context& context, const std::string& owner, Checker& check, Plan& plan) {
  for (std::size_t i = 0; i < plan.wanted.uploads.size(); ++i) {
    auto upload = find_upload(context.store, owner, plan.wanted.uploads[i]);
    if (!upload && upload.error().code() != Code::not_found) return std::move(upload).error();
    check.demand(upload.has_value(), "files[" + std::to_string(i) + "]",
                 "no upload of yours has this id; uploads are forgotten after an hour");
    if (!upload) continue;
    plan.content.files.push_back(
        {upload->name, upload->type, static_cast<std::uint64_t>(upload->size)});
    plan.uploads.push_back(*std::move(upload));
  }
  return {};
}

Outcome find_edge(const Context& context, Checker& check, Plan& plan) {
  auto edge = context.store.read([&](store::Transaction& transaction) {
    return edges::choose(transaction, plan.wanted.site);
  });
  if (!edge && edge.error().code() != Code::not_found) return std::move(edge).error();
  check.demand(edge.has_value(), "site",
               plan.wanted.site.empty() ? "no site has been added yet: an administrator adds one"
                                        : "no site has this id or name");
  if (edge) plan.edge = *std::move(edge);
  return {};
}

}  // namespace

Result<Plan> Sender::plan(const access::Permit& permit, NewMessage wanted) const {
  permit.expect(access::Action::messages_write);
  Plan plan;
  plan.settings = TRY(settings_.current());
  const auto& limits = plan.settings.limits;
  plan.wanted = std::move(wanted);
  if (!plan.wanted.life) plan.wanted.life = limits.default_life;
  if (!plan.wanted.views) plan.wanted.views = limits.default_views;
  plan.content.text = std::move(plan.wanted.text);
  plan.content.fields = std::move(plan.wanted.fields);

  Checker check{plan.problems};
  check_limits(check, plan.wanted, limits);
  check_mail(check, plan.wanted, plan.settings);
  TRY(find_files(context_, permit.actor().person, check, plan));
  TRY(find_edge(context_, check, plan));
  check_content(check, plan.content, limits);
  return plan;
}

}  // namespace sp::messages
