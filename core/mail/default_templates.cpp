#include <fmt/format.h>

#include "core/mail/template.h"

namespace sp::mail {
namespace {

// What the mails say; the frame around it is the same in every language.
struct Words {
  std::string_view greeting;  // with [ToFirstName]
  std::string_view invite_subject, invite, invite_button, invite_after;
  std::string_view viewed_subject, viewed;
  std::string_view unread_subject, unread;
  std::string_view wrong_subject, wrong;
};

constexpr Words english{
    "Hello [ToFirstName],",
    "[UserName] has sent you a message",
    "[UserName] has left a confidential message for you. It can be opened until [ExpiresAt] and "
    "destroys itself after it was "
    "shown the agreed number of times ([Views]).",
    "Open the message",
    "Anyone with this link can open the message: do not pass it on. If you do not know "
    "[UserName], leave it alone.",
    "Viewed: [Subject]",
    "Your message to [ToEmailAddress] was opened on [When] from the network [Network].",
    "Destroyed unread: [Subject]",
    "Your message to [ToEmailAddress] ended on [When] without having been opened.",
    "Wrong passphrase: [Subject]",
    "On [When] somebody in the network [Network] typed a wrong passphrase for your message to "
    "[ToEmailAddress]."};

constexpr Words german{
    "Guten Tag [ToFirstName],",
    "[UserName] hat Ihnen eine Nachricht gesendet",
    "[UserName] hat eine vertrauliche Nachricht für Sie hinterlegt. Sie lässt sich bis [ExpiresAt] "
    "öffnen und zerstört sich, "
    "nachdem sie so oft gezeigt wurde, wie vereinbart ist ([Views]).",
    "Nachricht öffnen",
    "Wer diesen Link hat, kann die Nachricht öffnen: Geben Sie ihn nicht weiter. Wenn Sie "
    "[UserName] nicht kennen, öffnen Sie ihn nicht.",
    "Gelesen: [Subject]",
    "Ihre Nachricht an [ToEmailAddress] wurde am [When] aus dem Netz [Network] geöffnet.",
    "Ungelesen zerstört: [Subject]",
    "Ihre Nachricht an [ToEmailAddress] endete am [When], ohne geöffnet worden zu sein.",
    "Falsche Passphrase: [Subject]",
    "Am [When] hat jemand im Netz [Network] für Ihre Nachricht an [ToEmailAddress] eine falsche "
    "Passphrase eingegeben."};

constexpr Words french{
    "Bonjour [ToFirstName],",
    "[UserName] vous a envoyé un message",
    "[UserName] a déposé un message confidentiel pour vous. Il peut être ouvert jusqu’au "
    "[ExpiresAt] et se détruit après avoir été "
    "affiché le nombre de fois convenu ([Views]).",
    "Ouvrir le message",
    "Toute personne qui a ce lien peut ouvrir le message : ne le transmettez pas. Si vous ne "
    "connaissez pas [UserName], ne l’ouvrez pas.",
    "Lu : [Subject]",
    "Votre message à [ToEmailAddress] a été ouvert le [When] depuis le réseau [Network].",
    "Détruit sans être lu : [Subject]",
    "Votre message à [ToEmailAddress] a pris fin le [When] sans avoir été ouvert.",
    "Phrase secrète erronée : [Subject]",
    "Le [When], quelqu’un du réseau [Network] a saisi une phrase secrète erronée pour votre "
    "message à [ToEmailAddress]."};

constexpr Words spanish{
    "Hola, [ToFirstName]:",
    "[UserName] le ha enviado un mensaje",
    "[UserName] ha dejado un mensaje confidencial para usted. Se puede abrir hasta el [ExpiresAt] "
    "y se destruye después de mostrarse "
    "el número de veces acordado ([Views]).",
    "Abrir el mensaje",
    "Quien tenga este enlace puede abrir el mensaje: no lo reenvíe. Si no conoce a [UserName], no "
    "lo abra.",
    "Visto: [Subject]",
    "Su mensaje para [ToEmailAddress] se abrió el [When] desde la red [Network].",
    "Destruido sin leer: [Subject]",
    "Su mensaje para [ToEmailAddress] terminó el [When] sin haberse abierto.",
    "Frase de contraseña incorrecta: [Subject]",
    "El [When], alguien de la red [Network] escribió una frase de contraseña incorrecta para su "
    "mensaje a [ToEmailAddress]."};

constexpr Words japanese{
    "[ToFirstName] 様",
    "[UserName] さんからメッセージが届いています",
    "[UserName] さんがあなた宛ての機密メッセージを残しました。[ExpiresAt] "
    "まで開くことができ、決められた回数（[Views] 回）表示されると消去されます。",
    "メッセージを開く",
    "このリンクを知っている人は誰でもメッセージを開けます。転送しないでください。[UserName] "
    "さんに心当たりがない場合は開かないでください。",
    "閲覧されました: [Subject]",
    "[ToEmailAddress] 宛てのメッセージが [When] にネットワーク [Network] から開かれました。",
    "未読のまま消去されました: [Subject]",
    "[ToEmailAddress] 宛てのメッセージは開かれないまま [When] に終了しました。",
    "パスフレーズの誤り: [Subject]",
    "[When] にネットワーク [Network] から、[ToEmailAddress] "
    "宛てのメッセージに誤ったパスフレーズが入力されました。"};

const Words& words_in(std::string_view language) {
  if (language == "de") return german;
  if (language == "fr") return french;
  if (language == "es") return spanish;
  if (language == "ja") return japanese;
  return english;
}

Template invite(const Words& words) {
  return {
      std::string{words.invite_subject},
      fmt::format("{}\n\n{}\n\n{}:\n[URL]\n\n{}\n\n-- \n[SiteName]\n", words.greeting, words.invite,
                  words.invite_button, words.invite_after),
      fmt::format("<p>{}</p><p>{}</p><p><a href=\"[URL]\"><b>{}</b></a></p><p>[URL]</p><p>{}</p>"
                  "<p>[SiteName]</p>\n",
                  words.greeting, words.invite, words.invite_button, words.invite_after)};
}

Template notice(std::string_view subject, std::string_view text) {
  return {
      std::string{subject}, fmt::format("{}\n\n[SiteURL]\n\n-- \n[SiteName] [Version]\n", text),
      fmt::format("<p>{}</p><p><a href=\"[SiteURL]\">[SiteURL]</a></p><p>[SiteName]</p>\n", text)};
}

}  // namespace

Template default_template(Occasion occasion, std::string_view language) {
  const auto& words = words_in(language);
  switch (occasion) {
    case Occasion::invite:
      return invite(words);
    case Occasion::viewed:
      return notice(words.viewed_subject, words.viewed);
    case Occasion::destroyed_unread:
      return notice(words.unread_subject, words.unread);
    case Occasion::wrong_passphrase:
      return notice(words.wrong_subject, words.wrong);
    case Occasion::certificate:
      break;
  }
  return {};
}

}  // namespace sp::mail
