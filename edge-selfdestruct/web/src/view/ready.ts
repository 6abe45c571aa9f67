/** Before the message is opened: who, how often, until when, what will happen. */

import { type Child, element, heading, paragraph } from '../../../../tools/web/dom.ts';
import type { Status } from '../api.ts';
import type { Formats } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';
import { announce } from './announcer.ts';

export type Notice =
  | { readonly kind: 'passphrase_missing' }
  | { readonly kind: 'passphrase_wrong'; readonly attemptsLeft: number }
  | { readonly kind: 'too_many'; readonly until: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'no_argon2' };

export interface Ready {
  readonly status: Status;
  readonly notice: Notice | null;
}

const sizeWorthSaying = 100_000;

function secondsUntil(time: number): number {
  return Math.max(0, Math.ceil((time - Date.now()) / 1000));
}

export function noticeText(texts: Texts, notice: Notice): string {
  switch (notice.kind) {
    case 'passphrase_missing':
      return texts.passphraseMissing;
    case 'passphrase_wrong':
      return texts.passphraseWrong(notice.attemptsLeft);
    case 'too_many': {
      const seconds = secondsUntil(notice.until);
      return seconds === 0 ? texts.tryNow : texts.tooMany(seconds);
    }
    case 'unavailable':
      return texts.unavailable;
    case 'unreachable':
      return texts.unreachable;
    case 'no_argon2':
      return texts.noArgon2;
    default:
      return notice satisfies never;
  }
}

function fact(name: string, value: string): Child {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

/** Within the grace the sentence below says it all. */
function facts(texts: Texts, formats: Formats, status: Status): Child {
  if (status.graceUntil !== null) return null;
  return element(
    'dl',
    { class: 'facts' },
    fact(texts.views, texts.viewsLeft(status.viewsLeft, status.views)),
    fact(texts.until, formats.moment(status.expiresAt)),
    status.size > sizeWorthSaying ? fact(texts.size, formats.bytes(status.size)) : null,
  );
}

function whatHappens(texts: Texts, formats: Formats, status: Status): string {
  if (status.graceUntil !== null) return texts.again(formats.clock(status.graceUntil));
  return status.viewsLeft === 1 ? texts.whatHappensLast : texts.whatHappensMore(status.viewsLeft);
}

/** Made once, so that what was typed stays through a new language or a failed try. */
export function passphraseInput(): HTMLInputElement {
  return element('input', {
    id: 'passphrase',
    type: 'password',
    autocomplete: 'off',
    autocapitalize: 'none',
    autocorrect: 'off',
    spellcheck: 'false',
    maxlength: '1024',
  });
}

function describe(input: HTMLInputElement, wrong: boolean): void {
  input.setAttribute('aria-describedby', 'passphrase-hint notice');
  if (wrong) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

function passphraseField(texts: Texts, ready: Ready, input: HTMLInputElement): Child {
  const kind = ready.notice?.kind;
  describe(input, kind === 'passphrase_missing' || kind === 'passphrase_wrong');
  const shown = element('input', { type: 'checkbox', id: 'show-passphrase' });
  shown.checked = input.type === 'text';
  shown.addEventListener('change', () => {
    input.type = shown.checked ? 'text' : 'password';
  });
  return element(
    'div',
    { class: 'field' },
    element('label', { for: 'passphrase' }, texts.passphrase),
    input,
    element('p', { id: 'passphrase-hint', class: 'hint' }, texts.passphraseHint(ready.status.attemptsLeft)),
    element('label', { class: 'check', for: 'show-passphrase' }, shown, texts.showPassphrase),
  );
}

/** Counts down on the button's behalf; says so once, and once more when it is over. */
function wait(texts: Texts, notice: Notice, line: HTMLElement, reveal: HTMLButtonElement): void {
  if (notice.kind !== 'too_many') return;
  reveal.disabled = true;
  const timer = setInterval(() => {
    line.textContent = noticeText(texts, notice);
    if (line.isConnected && secondsUntil(notice.until) > 0) return;
    clearInterval(timer);
    reveal.disabled = false;
    if (line.isConnected) announce(texts.tryNow);
  }, 500);
}

export function readyView(
  texts: Texts,
  formats: Formats,
  ready: Ready,
  input: HTMLInputElement,
  press: () => void,
): Child[] {
  const { status, notice } = ready;
  const reveal = element('button', { type: 'submit', class: 'primary' }, texts.reveal);
  const line = element(
    'p',
    { id: 'notice', class: 'notice' },
    notice === null ? '' : noticeText(texts, notice),
  );
  if (notice !== null) wait(texts, notice, line, reveal);
  const form = element(
    'form',
    { novalidate: true },
    status.passphrase === null ? null : passphraseField(texts, ready, input),
    line,
    reveal,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!reveal.disabled) press();
  });
  const again = status.graceUntil !== null;
  return [
    heading(status.sender === null ? texts.fromSomeone : texts.from(status.sender)),
    again ? null : paragraph(texts.sealed, 'lede'),
    facts(texts, formats, status),
    paragraph(whatHappens(texts, formats, status)),
    form,
  ];
}
