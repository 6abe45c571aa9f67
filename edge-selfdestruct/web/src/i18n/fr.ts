import type { Texts } from './texts.ts';

const times = (count: number) => (count === 1 ? 'une fois' : `${count} fois`);

export const fr: Texts = {
  title: 'Un message pour vous',
  language: 'Langue',
  working: 'Un instant…',
  footer: 'Le message est déchiffré dans ce navigateur. Le serveur qui le conserve ne peut pas le lire.',

  from: (sender) => `${sender} vous a envoyé un message`,
  fromSomeone: 'Quelqu’un vous a envoyé un message',
  sealed: 'Il est chiffré, et rien n’a encore été ouvert.',
  views: 'Peut être ouvert',
  viewsLeft: (left, of) => (left === of ? times(left) : `encore ${left} fois sur ${of}`),
  until: 'Disponible jusqu’au',
  size: 'Taille',
  whatHappensLast:
    'Quand vous affichez le message, il apparaît ici une dernière fois, puis il est détruit sur le serveur. Préparez un endroit sûr pour ce que vous voulez garder.',
  whatHappensMore: (left) =>
    `Quand vous affichez le message, une des ${left} consultations restantes est utilisée.`,
  again: (time) =>
    `Vous avez déjà ouvert ce message. Ce navigateur peut l’afficher de nouveau jusqu’à ${time}, sans utiliser de consultation.`,
  passphrase: 'Phrase secrète',
  passphraseHint: (attempts) =>
    attempts === 1
      ? 'L’expéditeur vous la communique par un autre moyen, par exemple au téléphone. Il vous reste un essai ; s’il échoue, le message est détruit.'
      : `L’expéditeur vous la communique par un autre moyen, par exemple au téléphone. Vous avez ${attempts} essais ; ensuite, le message est détruit.`,
  showPassphrase: 'Afficher la saisie',
  reveal: 'Afficher le message',

  passphraseMissing: 'Saisissez la phrase secrète.',
  passphraseWrong: (left) =>
    `Cette phrase secrète n’est pas la bonne. Le message est toujours là. ${left === 1 ? 'Il vous reste un essai.' : `Il vous reste ${left} essais.`}`,
  tooMany: (seconds) => `Trop d’essais. Le message est toujours là. Attendez ${seconds} s, puis réessayez.`,
  tryNow: 'Vous pouvez réessayer maintenant.',
  unavailable:
    'Le serveur ne peut pas ouvrir de messages pour le moment. Aucune consultation n’a été utilisée. Réessayez dans une minute.',
  unreachable: 'Le serveur n’a pas répondu. Vérifiez votre connexion, puis réessayez.',
  noArgon2:
    'Ce navigateur n’a pas pu traiter la phrase secrète : il faut WebAssembly et 64 Mo de mémoire libre. Rien n’a été envoyé. Essayez un autre navigateur.',

  stretching: 'Traitement de la phrase secrète…',
  claiming: 'Ouverture du message…',
  receiving: (percent) => `Réception du message… ${percent} %`,

  interrupted: 'La connexion a été perdue',
  interruptedGrace: (time) =>
    `Le message n’est pas arrivé en entier. Ce navigateur peut le récupérer de nouveau jusqu’à ${time}, sans utiliser d’autre consultation.`,
  interruptedLost:
    'Le message n’est pas arrivé en entier, et une consultation a été utilisée. S’il n’en reste aucune, demandez à l’expéditeur de le renvoyer.',
  noConnection: 'Pas de connexion',
  tryAgain: 'Réessayer',

  message: 'Message',
  fields: 'Détails',
  files: 'Fichiers',
  nothingInside: 'Le message est vide.',
  hidden: 'masqué',
  show: 'Montrer',
  hide: 'Masquer',
  copy: 'Copier',
  copyText: 'Copier le texte',
  copied: 'Copié',
  copyFailed: 'Sélectionné : appuyez sur Ctrl+C',
  download: 'Télécharger',
  preview: 'Aperçu',
  closePreview: 'Fermer l’aperçu',

  clearsIn: 'Retiré de cette page dans',
  keepLonger: 'Garder plus longtemps',
  keptLonger: 'Le message reste ici 15 minutes de plus.',
  clearsSoon: (seconds) => `Le message sera retiré de cette page dans ${seconds} secondes.`,
  graceFor: 'Après un rechargement, ce navigateur peut l’afficher de nouveau pendant',
  portalDestroyed: 'Le serveur n’a plus ce message. Ce que vous voyez ici est la dernière copie.',
  viewsRemain: (left, time) => `Il peut encore être ouvert ${times(left)}, jusqu’au ${time}.`,
  saved: 'Je l’ai enregistré',
  destroy: 'Détruire maintenant',
  destroyQuestion: 'Détruire ce message définitivement ? Plus personne ne pourra l’ouvrir.',
  keep: 'Le garder',
  notReached: 'Le serveur n’a pas répondu ; le message y est peut-être encore. Réessayez.',
  noPrint: 'Cette page n’imprime pas les messages.',

  goneTitle: 'Ce message n’est plus disponible',
  gone: 'Il a peut-être déjà été ouvert, son délai est peut-être écoulé, ou il a été détruit. Pour votre protection, le serveur n’en garde aucune trace et ne peut pas dire lequel.',
  destroyed: 'Vous l’avez détruit. Il est effacé du serveur et de cette page, et l’expéditeur peut le voir.',
  savedLast: 'Vous avez indiqué l’avoir enregistré. Il est retiré de cette page et du serveur.',
  timedOutLast: 'Il a été retiré de cette page car son temps ici était écoulé, et le serveur ne l’a plus.',
  closedTitle: 'Le message est retiré de cette page',
  savedMore: 'Vous avez indiqué l’avoir enregistré.',
  timedOutMore: 'Son temps sur cette page était écoulé.',
  timedOutGrace: 'Ce navigateur peut encore l’afficher de nouveau pendant un moment.',
  openAgain: 'Revenir au message',
  burnt:
    'Une phrase secrète erronée a été saisie trop souvent. Pour le protéger, le message a été détruit, et l’expéditeur peut le voir.',
  askSender: 'Si vous en avez encore besoin, demandez un nouveau lien à la personne qui vous l’a envoyé.',
  notYou:
    'Si vous ne l’avez pas ouvert vous-même, prévenez l’expéditeur tout de suite : quelqu’un d’autre l’a peut-être lu.',

  damagedTitle: 'Le message est endommagé',
  damaged:
    'Ce qui est arrivé n’est pas ce que l’expéditeur a scellé ; rien n’en est donc affiché. Demandez à l’expéditeur de le renvoyer et dites-lui qu’il est arrivé endommagé.',
  incompleteTitle: 'Le lien est incomplet',
  incomplete:
    'Une partie de l’adresse manque ou a changé. Retournez là où vous avez reçu le lien, copiez-le en entier jusqu’au dernier caractère et ouvrez-le de nouveau. Rien n’a été ouvert.',
  unsupportedTitle: 'Ce navigateur ne peut pas ouvrir le message',
  unsupported:
    'Il faut un navigateur récent (Chrome, Edge, Firefox ou Safari) et une adresse https. Rien n’a été ouvert.',
};
