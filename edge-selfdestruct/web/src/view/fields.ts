/** Named values; a secret one stays out of the page until it is asked for. */

import { button, type Child, element } from '../../../../tools/web/dom.ts';
import { fromUtf8 } from '../bytes.ts';
import type { Field } from '../content.ts';
import type { Texts } from '../i18n/texts.ts';
import { copyButton } from './copy.ts';

function textOf(field: Field): string {
  return fromUtf8(field.value) ?? '';
}

function kindOf(character: string): string {
  if (/\p{N}/u.test(character)) return 'digit';
  return /[\p{L}\p{M}]/u.test(character) ? 'letter' : 'symbol';
}

/** Runs of letters, digits and symbols look different, so that O and 0 are not mistaken. */
function coloured(text: string): Child[] {
  const runs = text.match(/\p{N}+|[\p{L}\p{M}]+|[^\p{N}\p{L}\p{M}]+/gu) ?? [];
  return runs.map((run) => {
    const kind = kindOf(run);
    return kind === 'letter' ? run : element('span', { class: kind }, run);
  });
}

function mask(texts: Texts): Child[] {
  const dots = element('span', { 'aria-hidden': 'true', class: 'mask' }, '••••••••••');
  return [dots, element('span', { class: 'unseen' }, texts.hidden)];
}

function showButton(texts: Texts, field: Field, value: HTMLElement): HTMLButtonElement {
  let shown = false;
  const made = button(texts.show, () => {
    shown = !shown;
    value.replaceChildren(
      ...(shown ? coloured(textOf(field)) : mask(texts)).filter((child) => child !== null),
    );
    made.textContent = shown ? texts.hide : texts.show;
    made.setAttribute('aria-label', `${made.textContent}: ${field.name}`);
  });
  made.setAttribute('aria-label', `${texts.show}: ${field.name}`);
  return made;
}

function row(texts: Texts, field: Field): Child {
  const value = element('dd', { class: field.secret ? 'value secret' : 'value' });
  value.append(...(field.secret ? mask(texts) : [textOf(field)]).filter((child) => child !== null));
  const copy = copyButton(texts, {
    label: texts.copy,
    of: field.name,
    text: () => textOf(field),
    shown: () => value,
  });
  const actions = element(
    'dd',
    { class: 'actions' },
    field.secret ? showButton(texts, field, value) : null,
    copy,
  );
  return element('div', { class: 'row' }, element('dt', {}, field.name), value, actions);
}

export function fieldsView(texts: Texts, fields: readonly Field[]): Child {
  if (fields.length === 0) return null;
  const rows = fields.map((field) => row(texts, field));
  return element('div', {}, element('h2', {}, texts.fields), element('dl', { class: 'fields' }, ...rows));
}
