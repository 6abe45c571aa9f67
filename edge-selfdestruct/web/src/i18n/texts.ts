/** Every sentence of the page. A language is one object of this type, so none can lack one. */
export interface Texts {
  readonly title: string;
  readonly language: string;
  readonly working: string;
  readonly footer: string;

  readonly from: (sender: string) => string;
  readonly fromSomeone: string;
  readonly sealed: string;
  readonly views: string;
  readonly viewsLeft: (left: number, of: number) => string;
  readonly until: string;
  readonly size: string;
  readonly whatHappensLast: string;
  readonly whatHappensMore: (left: number) => string;
  readonly again: (time: string) => string;
  readonly passphrase: string;
  readonly passphraseHint: (attempts: number) => string;
  readonly showPassphrase: string;
  readonly reveal: string;

  readonly passphraseMissing: string;
  readonly passphraseWrong: (left: number) => string;
  readonly tooMany: (seconds: number) => string;
  readonly tryNow: string;
  readonly unavailable: string;
  readonly unreachable: string;
  readonly noArgon2: string;

  readonly stretching: string;
  readonly claiming: string;
  readonly receiving: (percent: number) => string;

  readonly interrupted: string;
  readonly interruptedGrace: (time: string) => string;
  readonly interruptedLost: string;
  readonly noConnection: string;
  readonly tryAgain: string;

  readonly message: string;
  readonly fields: string;
  readonly files: string;
  readonly nothingInside: string;
  readonly hidden: string;
  readonly show: string;
  readonly hide: string;
  readonly copy: string;
  readonly copyText: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly download: string;
  readonly preview: string;
  readonly closePreview: string;

  readonly clearsIn: string;
  readonly keepLonger: string;
  readonly keptLonger: string;
  readonly clearsSoon: (seconds: number) => string;
  readonly graceFor: string;
  readonly portalDestroyed: string;
  readonly viewsRemain: (left: number, time: string) => string;
  readonly saved: string;
  readonly destroy: string;
  readonly destroyQuestion: string;
  readonly keep: string;
  readonly notReached: string;
  readonly noPrint: string;

  readonly goneTitle: string;
  readonly gone: string;
  readonly destroyed: string;
  readonly savedLast: string;
  readonly timedOutLast: string;
  readonly closedTitle: string;
  readonly savedMore: string;
  readonly timedOutMore: string;
  readonly timedOutGrace: string;
  readonly openAgain: string;
  readonly burnt: string;
  readonly askSender: string;
  readonly notYou: string;

  readonly damagedTitle: string;
  readonly damaged: string;
  readonly incompleteTitle: string;
  readonly incomplete: string;
  readonly unsupportedTitle: string;
  readonly unsupported: string;
}
