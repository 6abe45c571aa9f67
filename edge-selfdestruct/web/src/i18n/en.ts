import type { Texts } from './texts.ts';

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

export const en: Texts = {
  title: 'A message for you',
  language: 'Language',
  working: 'One moment…',
  footer: 'The message is decrypted in this browser. The server that keeps it cannot read it.',

  from: (sender) => `${sender} sent you a message`,
  fromSomeone: 'Someone sent you a message',
  sealed: 'It is encrypted, and nothing has been opened yet.',
  views: 'Can be opened',
  viewsLeft: (left, of) =>
    left === of ? times(left) : `${left === 1 ? 'once more' : `${left} more times`} (of ${of})`,
  until: 'Available until',
  size: 'Size',
  whatHappensLast:
    'When you reveal the message, it is shown here this one last time, and then destroyed on the server. Have a safe place ready for what you want to keep.',
  whatHappensMore: (left) => `When you reveal the message, one of the ${left} remaining views is used.`,
  again: (time) =>
    `You have opened this message already. This browser may show it again until ${time}, without using a view.`,
  passphrase: 'Passphrase',
  passphraseHint: (attempts) =>
    attempts === 1
      ? 'The sender gives it to you by another way, for example by telephone. You have one attempt left; if it is wrong, the message is destroyed.'
      : `The sender gives it to you by another way, for example by telephone. You have ${attempts} attempts; after that the message is destroyed.`,
  showPassphrase: 'Show what I type',
  reveal: 'Reveal message',

  passphraseMissing: 'Enter the passphrase.',
  passphraseWrong: (left) =>
    `That passphrase is not right. The message is still there. ${left === 1 ? 'One attempt is' : `${left} attempts are`} left.`,
  tooMany: (seconds) => `Too many tries. The message is still there. Wait ${seconds} s, then try again.`,
  tryNow: 'You can try again now.',
  unavailable: 'The server cannot open messages at the moment. No view was used. Try again in a minute.',
  unreachable: 'There was no answer from the server. Check your connection, then try again.',
  noArgon2:
    'This browser could not work with the passphrase: it needs WebAssembly and 64 MB of free memory. Nothing was sent. Try another browser.',

  stretching: 'Working on the passphrase…',
  claiming: 'Opening the message…',
  receiving: (percent) => `Receiving the message… ${percent} %`,

  interrupted: 'The connection was lost',
  interruptedGrace: (time) =>
    `The message did not arrive in full. This browser may fetch it again until ${time}, without using another view.`,
  interruptedLost:
    'The message did not arrive in full, and a view was used for it. If no view is left, ask the sender to send it again.',
  noConnection: 'No connection',
  tryAgain: 'Try again',

  message: 'Message',
  fields: 'Details',
  files: 'Files',
  nothingInside: 'The message is empty.',
  hidden: 'hidden',
  show: 'Show',
  hide: 'Hide',
  copy: 'Copy',
  copyText: 'Copy text',
  copied: 'Copied',
  copyFailed: 'Selected: press Ctrl+C',
  download: 'Download',
  preview: 'Preview',
  closePreview: 'Close preview',

  clearsIn: 'Removed from this page in',
  keepLonger: 'Keep it longer',
  keptLonger: 'The message stays here for 15 more minutes.',
  clearsSoon: (seconds) => `The message is removed from this page in ${seconds} seconds.`,
  graceFor: 'After a reload, this browser can show it again for',
  portalDestroyed: 'The server no longer has this message. What you see here is the last copy.',
  viewsRemain: (left, time) =>
    `It can be opened ${left === 1 ? 'one more time' : `${left} more times`}, until ${time}.`,
  saved: 'I have saved it',
  destroy: 'Destroy now',
  destroyQuestion: 'Destroy this message for good? Nobody can open it again.',
  keep: 'Keep it',
  notReached: 'There was no answer from the server, so the message may still be there. Try again.',
  noPrint: 'This page does not print messages.',

  goneTitle: 'This message is no longer available',
  gone: 'It may have been opened already, its time may be over, or it was destroyed. For your protection the server keeps no trace of it and cannot tell which.',
  destroyed:
    'You destroyed it. It is erased from the server and from this page, and the sender can see that.',
  savedLast: 'You said that you have saved it. It is removed from this page and from the server.',
  timedOutLast:
    'It was removed from this page because its time here was over, and the server no longer has it.',
  closedTitle: 'The message is removed from this page',
  savedMore: 'You said that you have saved it.',
  timedOutMore: 'Its time on this page was over.',
  timedOutGrace: 'This browser may still show it again for a moment.',
  openAgain: 'Back to the message',
  burnt:
    'A wrong passphrase was entered too often. To protect the message it was destroyed, and the sender can see that.',
  askSender: 'If you still need it, ask the person who sent you the link to send a new one.',
  notYou: 'If you did not open it yourself, tell the sender at once: someone else may have read it.',

  damagedTitle: 'The message is damaged',
  damaged:
    'What arrived is not what the sender sealed, so nothing of it is shown. Ask the sender to send it again, and tell them that it arrived damaged.',
  incompleteTitle: 'The link is incomplete',
  incomplete:
    'A part of the address is missing or changed. Go back to where you got the link, copy all of it up to the last character, and open it again. Nothing was opened.',
  unsupportedTitle: 'This browser cannot open the message',
  unsupported:
    'It needs a current browser (Chrome, Edge, Firefox or Safari) and an https address. Nothing was opened.',
};
