/** The screens that only tell something. */

import { button, type Child, element, heading, paragraph } from '../../../../tools/web/dom.ts';
import type { Formats } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';

export type Ending =
  | { readonly kind: 'gone' }
  | { readonly kind: 'destroyed' }
  | { readonly kind: 'burnt' }
  | {
      readonly kind: 'saved' | 'timed_out';
      readonly viewsLeft: number;
      readonly expiresAt: number;
      readonly grace: boolean;
    };

export type Step =
  | { readonly kind: 'starting' }
  | { readonly kind: 'stretching' }
  | { readonly kind: 'claiming' }
  | { readonly kind: 'receiving'; readonly received: number; readonly size: number };

function stepText(texts: Texts, step: Step): string {
  switch (step.kind) {
    case 'starting':
      return texts.working;
    case 'stretching':
      return texts.stretching;
    case 'claiming':
      return texts.claiming;
    case 'receiving':
      return texts.receiving(percentOf(step));
    default:
      return step satisfies never;
  }
}

function percentOf(step: Step & { kind: 'receiving' }): number {
  return step.size === 0 ? 0 : Math.floor((100 * step.received) / step.size);
}

export function workingView(texts: Texts, step: Step): Child[] {
  const known = step.kind === 'receiving' && step.size > 0;
  const bar = element('progress', { max: '100', 'aria-label': texts.working });
  if (known) bar.value = percentOf(step);
  return [heading(stepText(texts, step), { class: 'quiet' }), bar];
}

/** A later step of the same work, without new elements and so without moving the focus. */
export function updateWorking(page: HTMLElement, texts: Texts, step: Step): void {
  const [title, bar] = [page.querySelector('h1'), page.querySelector('progress')];
  if (title !== null) title.textContent = stepText(texts, step);
  if (bar !== null && step.kind === 'receiving' && step.size > 0) bar.value = percentOf(step);
}

function ended(title: string, ...sentences: readonly string[]): Child[] {
  return [
    element(
      'div',
      { role: 'status', 'aria-labelledby': 'ended' },
      heading(title, { id: 'ended' }),
      ...sentences.map((sentence) => paragraph(sentence)),
    ),
  ];
}

function closed(texts: Texts, formats: Formats, ending: Ending & { kind: 'saved' | 'timed_out' }): Child[] {
  const saved = ending.kind === 'saved';
  const { viewsLeft, grace } = ending;
  if (viewsLeft === 0 && !grace)
    return ended(texts.goneTitle, saved ? texts.savedLast : texts.timedOutLast, texts.askSender);
  const why = saved ? texts.savedMore : texts.timedOutMore;
  const rest =
    viewsLeft > 0 ? texts.viewsRemain(viewsLeft, formats.moment(ending.expiresAt)) : texts.timedOutGrace;
  return ended(texts.closedTitle, why, rest);
}

export function endingView(texts: Texts, formats: Formats, ending: Ending, again: () => void): Child[] {
  switch (ending.kind) {
    case 'gone':
      return ended(texts.goneTitle, texts.gone, texts.askSender, texts.notYou);
    case 'destroyed':
      return ended(texts.goneTitle, texts.destroyed, texts.askSender);
    case 'burnt':
      return ended(texts.goneTitle, texts.burnt, texts.askSender);
    case 'saved':
    case 'timed_out': {
      const back = ending.viewsLeft > 0 || ending.grace ? button(texts.openAgain, again) : null;
      return [...closed(texts, formats, ending), back];
    }
    default:
      return ending satisfies never;
  }
}

export function failedView(
  title: string,
  sentence: string,
  retry: { label: string; press: () => void } | null,
): Child[] {
  return [
    heading(title),
    paragraph(sentence),
    retry === null ? null : button(retry.label, retry.press, { class: 'primary' }),
  ];
}
