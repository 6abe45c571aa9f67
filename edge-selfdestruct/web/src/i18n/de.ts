import type { Texts } from './texts.ts';

const times = (count: number) => (count === 1 ? 'einmal' : `${count}-mal`);

export const de: Texts = {
  title: 'Eine Nachricht für Sie',
  language: 'Sprache',
  working: 'Einen Moment…',
  footer:
    'Die Nachricht wird in diesem Browser entschlüsselt. Der Server, der sie aufbewahrt, kann sie nicht lesen.',

  from: (sender) => `${sender} hat Ihnen eine Nachricht gesendet`,
  fromSomeone: 'Jemand hat Ihnen eine Nachricht gesendet',
  sealed: 'Sie ist verschlüsselt, und noch wurde nichts geöffnet.',
  views: 'Lässt sich öffnen',
  viewsLeft: (left, of) => (left === of ? times(left) : `noch ${left} von ${of} Mal`),
  until: 'Verfügbar bis',
  size: 'Größe',
  whatHappensLast:
    'Wenn Sie die Nachricht anzeigen, erscheint sie hier ein letztes Mal und wird danach auf dem Server vernichtet. Halten Sie einen sicheren Ort für das bereit, was Sie behalten möchten.',
  whatHappensMore: (left) =>
    `Wenn Sie die Nachricht anzeigen, wird einer der ${left} verbleibenden Abrufe verbraucht.`,
  again: (time) =>
    `Sie haben diese Nachricht bereits geöffnet. Dieser Browser darf sie bis ${time} erneut anzeigen, ohne einen Abruf zu verbrauchen.`,
  passphrase: 'Kennwort',
  passphraseHint: (attempts) =>
    attempts === 1
      ? 'Der Absender teilt es Ihnen auf anderem Weg mit, zum Beispiel am Telefon. Sie haben noch einen Versuch; ist er falsch, wird die Nachricht vernichtet.'
      : `Der Absender teilt es Ihnen auf anderem Weg mit, zum Beispiel am Telefon. Sie haben ${attempts} Versuche; danach wird die Nachricht vernichtet.`,
  showPassphrase: 'Eingabe anzeigen',
  reveal: 'Nachricht anzeigen',

  passphraseMissing: 'Geben Sie das Kennwort ein.',
  passphraseWrong: (left) =>
    `Das Kennwort stimmt nicht. Die Nachricht ist noch da. ${left === 1 ? 'Ein Versuch bleibt' : `${left} Versuche bleiben`} Ihnen.`,
  tooMany: (seconds) =>
    `Zu viele Versuche. Die Nachricht ist noch da. Warten Sie ${seconds} s und versuchen Sie es dann erneut.`,
  tryNow: 'Sie können es jetzt erneut versuchen.',
  unavailable:
    'Der Server kann zurzeit keine Nachrichten öffnen. Es wurde kein Abruf verbraucht. Versuchen Sie es in einer Minute erneut.',
  unreachable: 'Der Server hat nicht geantwortet. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  noArgon2:
    'Dieser Browser kann das Kennwort nicht verarbeiten: Er braucht WebAssembly und 64 MB freien Speicher. Es wurde nichts gesendet. Versuchen Sie einen anderen Browser.',

  stretching: 'Das Kennwort wird verarbeitet…',
  claiming: 'Die Nachricht wird geöffnet…',
  receiving: (percent) => `Die Nachricht wird empfangen… ${percent} %`,

  interrupted: 'Die Verbindung ist abgebrochen',
  interruptedGrace: (time) =>
    `Die Nachricht kam nicht vollständig an. Dieser Browser darf sie bis ${time} erneut abrufen, ohne einen weiteren Abruf zu verbrauchen.`,
  interruptedLost:
    'Die Nachricht kam nicht vollständig an, und dafür wurde ein Abruf verbraucht. Ist keiner mehr übrig, bitten Sie den Absender, sie erneut zu senden.',
  noConnection: 'Keine Verbindung',
  tryAgain: 'Erneut versuchen',

  message: 'Nachricht',
  fields: 'Angaben',
  files: 'Dateien',
  nothingInside: 'Die Nachricht ist leer.',
  hidden: 'verborgen',
  show: 'Zeigen',
  hide: 'Verbergen',
  copy: 'Kopieren',
  copyText: 'Text kopieren',
  copied: 'Kopiert',
  copyFailed: 'Markiert: drücken Sie Strg+C',
  download: 'Herunterladen',
  preview: 'Vorschau',
  closePreview: 'Vorschau schließen',

  clearsIn: 'Verschwindet von dieser Seite in',
  keepLonger: 'Länger behalten',
  keptLonger: 'Die Nachricht bleibt weitere 15 Minuten hier.',
  clearsSoon: (seconds) => `Die Nachricht verschwindet in ${seconds} Sekunden von dieser Seite.`,
  graceFor: 'Nach einem Neuladen kann dieser Browser sie erneut zeigen, noch',
  portalDestroyed: 'Der Server hat diese Nachricht nicht mehr. Was Sie hier sehen, ist die letzte Kopie.',
  viewsRemain: (left, time) => `Sie lässt sich noch ${times(left)} öffnen, bis ${time}.`,
  saved: 'Ich habe sie gesichert',
  destroy: 'Jetzt vernichten',
  destroyQuestion: 'Diese Nachricht endgültig vernichten? Niemand kann sie danach noch öffnen.',
  keep: 'Behalten',
  notReached:
    'Der Server hat nicht geantwortet, die Nachricht ist vielleicht noch dort. Versuchen Sie es erneut.',
  noPrint: 'Diese Seite druckt keine Nachrichten.',

  goneTitle: 'Diese Nachricht ist nicht mehr verfügbar',
  gone: 'Vielleicht wurde sie schon geöffnet, ihre Zeit ist um, oder sie wurde vernichtet. Zu Ihrem Schutz behält der Server keine Spur davon und kann nicht sagen, was zutrifft.',
  destroyed:
    'Sie haben sie vernichtet. Sie ist auf dem Server und auf dieser Seite gelöscht; der Absender kann das sehen.',
  savedLast:
    'Sie haben angegeben, dass Sie sie gesichert haben. Sie ist von dieser Seite und vom Server entfernt.',
  timedOutLast:
    'Sie wurde von dieser Seite entfernt, weil ihre Zeit hier um war, und der Server hat sie nicht mehr.',
  closedTitle: 'Die Nachricht ist von dieser Seite entfernt',
  savedMore: 'Sie haben angegeben, dass Sie sie gesichert haben.',
  timedOutMore: 'Ihre Zeit auf dieser Seite war um.',
  timedOutGrace: 'Dieser Browser kann sie noch für einen Moment erneut zeigen.',
  openAgain: 'Zurück zur Nachricht',
  burnt:
    'Zu oft wurde ein falsches Kennwort eingegeben. Zum Schutz wurde die Nachricht vernichtet; der Absender kann das sehen.',
  askSender: 'Wenn Sie sie noch brauchen, bitten Sie die Person, von der Sie den Link haben, um einen neuen.',
  notYou:
    'Wenn Sie sie nicht selbst geöffnet haben, sagen Sie es dem Absender sofort: Vielleicht hat jemand anderes sie gelesen.',

  damagedTitle: 'Die Nachricht ist beschädigt',
  damaged:
    'Was ankam, ist nicht das, was der Absender versiegelt hat; deshalb wird nichts davon gezeigt. Bitten Sie den Absender, sie erneut zu senden, und sagen Sie ihm, dass sie beschädigt ankam.',
  incompleteTitle: 'Der Link ist unvollständig',
  incomplete:
    'Ein Teil der Adresse fehlt oder ist verändert. Gehen Sie dorthin zurück, wo Sie den Link bekommen haben, kopieren Sie ihn vollständig bis zum letzten Zeichen und öffnen Sie ihn erneut. Es wurde nichts geöffnet.',
  unsupportedTitle: 'Dieser Browser kann die Nachricht nicht öffnen',
  unsupported:
    'Nötig sind ein aktueller Browser (Chrome, Edge, Firefox oder Safari) und eine https-Adresse. Es wurde nichts geöffnet.',
};
