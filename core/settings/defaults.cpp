#include "core/settings/settings.h"

namespace sp::settings {
namespace {

// Written as paragraphs; the HTML form carries the same words.
std::string html(std::string_view paragraphs) {
  return "<!doctype html><html><body style=\"font-family:sans-serif;line-height:1.5\">" +
         std::string{paragraphs} + "</body></html>";
}

Template invite() {
  return {"[UserName] has sent you a confidential message",
          "Hello [ToFirstName],\n\n[UserName] has sent you a confidential message. Open it "
          "here:\n\n[URL]\n\n"
          "It can be seen [Views] time(s) and is destroyed in [ExpirePeriod]. If you are asked for "
          "a passphrase, "
          "[UserName] tells it to you by another way.\n",
          html("<p>Hello [ToFirstName],</p><p>[UserName] has sent you a confidential message.</p>"
               "<p><a href=\"[URL]\">Open the message</a></p><p>It can be seen [Views] time(s) and "
               "is destroyed in "
               "[ExpirePeriod]. If you are asked for a passphrase, [UserName] tells it to you by "
               "another way.</p>")};
}

Template viewed() {
  return {
      "Your message was viewed: [Subject]",
      "Your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] was viewed on [When] from the "
      "network "
      "[Network].\n\nWas that not the recipient? Then change what the message told.\n",
      html("<p>Your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] was viewed on [When] "
           "from the network "
           "[Network].</p><p>Was that not the recipient? Then change what the message told.</p>")};
}

Template destroyed_unread() {
  return {"Your message was destroyed unread: [Subject]",
          "Your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] came to its end on [When] "
          "and nobody has seen "
          "it.\n",
          html("<p>Your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] came to its end on "
               "[When] and nobody "
               "has seen it.</p>")};
}

Template wrong_passphrase() {
  return {"A wrong passphrase was tried: [Subject]",
          "Somebody opened your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] with a "
          "wrong passphrase on "
          "[When] from the network [Network].\n",
          html("<p>Somebody opened your message \"[Subject]\" to [ToFirstName] [ToEmailAddress] "
               "with a wrong "
               "passphrase on [When] from the network [Network].</p>")};
}

}  // namespace

Values defaults() {
  Values values;
  values.of(TemplateKind::invite) = invite();
  values.of(TemplateKind::viewed) = viewed();
  values.of(TemplateKind::destroyed_unread) = destroyed_unread();
  values.of(TemplateKind::wrong_passphrase) = wrong_passphrase();
  return values;
}

}  // namespace sp::settings
