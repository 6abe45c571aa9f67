/** The message itself, how long it stays, and how to be done with it. */

import { button, type Child, element, heading, paragraph } from '../../../../tools/web/dom.ts';
import { portalNow } from '../api.ts';
import type { Content } from '../content.ts';
import { type Formats, minutes } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';
import { announce } from './announcer.ts';
import { attachmentsView } from './attachments.ts';
import { copyButton } from './copy.ts';
import { fieldsView } from './fields.ts';

export interface Shown {
  readonly content: Content;
  readonly viewsLeft: number;
  readonly expiresAt: number;
  /** By the portal's clock; null without a grace. */
  readonly graceUntil: number | null;
  /** By this computer's clock. */
  clearsAt: number;
  notReached: boolean;
}

export interface Actions {
  readonly saved: () => void;
  readonly destroy: () => void;
  readonly clear: () => void;
}

export const staysFor = 15 * 60_000;
const toldAt = [60, 30] as const;

function textView(texts: Texts, text: string): Child {
  if (text === '') return null;
  const shown = element('pre', { class: 'text' }, text);
  const copy = copyButton(texts, { label: texts.copyText, of: null, text: () => text, shown: () => shown });
  return element('div', {}, shown, element('div', { class: 'actions' }, copy));
}

/** One more press, so that a slip destroys nothing. */
function destroyView(texts: Texts, destroy: () => void): HTMLElement {
  const ask = button(texts.destroy, () => open(true), { class: 'danger' });
  const yes = button(texts.destroy, destroy, { class: 'danger filled' });
  const no = button(texts.keep, () => open(false));
  const question = element(
    'div',
    { class: 'question', role: 'group', 'aria-labelledby': 'destroy-question', hidden: true },
    element('p', { id: 'destroy-question' }, texts.destroyQuestion),
    element('div', { class: 'actions' }, yes, no),
  );
  const open = (asked: boolean) => {
    question.hidden = !asked;
    ask.hidden = asked;
    (asked ? no : ask).focus();
  };
  question.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') open(false);
  });
  return element('div', { class: 'destroy' }, ask, question);
}

function atPortal(texts: Texts, formats: Formats, shown: Shown): Child {
  if (shown.viewsLeft > 0)
    return paragraph(texts.viewsRemain(shown.viewsLeft, formats.moment(shown.expiresAt)));
  return shown.graceUntil === null ? paragraph(texts.portalDestroyed) : null;
}

function clock(words: string): { readonly line: HTMLElement; readonly time: HTMLElement } {
  const time = element('span', { class: 'time' });
  return { line: element('p', { role: 'timer' }, words, ' ', time), time };
}

function graceLine(
  texts: Texts,
  shown: Shown,
): { readonly line: HTMLElement | null; readonly tick: () => void } {
  const until = shown.graceUntil;
  if (until === null) return { line: null, tick: () => undefined };
  const { line, time } = clock(texts.graceFor);
  const tick = () => {
    const left = until - portalNow();
    if (left > 0) time.textContent = minutes(left);
    else line.replaceChildren(shown.viewsLeft > 0 ? '' : texts.portalDestroyed);
  };
  return { line, tick };
}

/** Says so at one minute and at half a minute, and not each second. */
function teller(texts: Texts): (secondsLeft: number) => void {
  let told = Number.POSITIVE_INFINITY;
  return (secondsLeft) => {
    const due = toldAt.filter((at) => secondsLeft <= at && at < told).at(-1);
    if (due === undefined) return;
    told = due;
    announce(texts.clearsSoon(secondsLeft));
  };
}

function countdowns(texts: Texts, shown: Shown, clear: () => void): HTMLElement {
  const stay = clock(texts.clearsIn);
  const grace = graceLine(texts, shown);
  let tell = teller(texts);
  const longer = button(texts.keepLonger, () => {
    shown.clearsAt = Date.now() + staysFor;
    tell = teller(texts);
    announce(texts.keptLonger);
    tick();
  });
  const all = element(
    'div',
    { class: 'countdowns' },
    grace.line,
    element('div', { class: 'stay' }, stay.line, longer),
  );
  const tick = () => {
    const left = shown.clearsAt - Date.now();
    stay.time.textContent = minutes(left);
    grace.tick();
    tell(Math.ceil(left / 1000));
    if (left <= 0) clear();
  };
  tick();
  const timer = setInterval(() => (all.isConnected ? tick() : clearInterval(timer)), 1000);
  return all;
}

function isEmpty(content: Content): boolean {
  return content.text === '' && content.fields.length === 0 && content.files.length === 0;
}

export function messageView(texts: Texts, formats: Formats, shown: Shown, actions: Actions): Child[] {
  const { content } = shown;
  const region = element(
    'section',
    { class: 'message', 'aria-label': texts.message },
    heading(texts.message),
    isEmpty(content) ? paragraph(texts.nothingInside) : null,
    textView(texts, content.text),
    fieldsView(texts, content.fields),
    attachmentsView(texts, formats, content.files),
  );
  const endings = element(
    'div',
    { class: 'endings' },
    button(texts.saved, actions.saved, { class: 'primary' }),
    destroyView(texts, actions.destroy),
  );
  const notice = element('p', { class: 'notice' }, shown.notReached ? texts.notReached : '');
  const fate = element(
    'div',
    { class: 'fate' },
    atPortal(texts, formats, shown),
    countdowns(texts, shown, actions.clear),
  );
  return [region, fate, notice, endings, element('p', { class: 'no-print' }, texts.noPrint)];
}
