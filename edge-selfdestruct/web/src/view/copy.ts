/** Copying, with a confirmation that is seen and heard. */

import { button } from '../../../../tools/web/dom.ts';
import type { Texts } from '../i18n/texts.ts';
import { announce } from './announcer.ts';

const confirmationLasts = 2500;

function select(shown: HTMLElement | null): void {
  if (shown !== null) getSelection()?.selectAllChildren(shown);
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export interface CopySource {
  /** The button's words, and for a screen reader which of several it is. */
  readonly label: string;
  readonly of: string | null;
  readonly text: () => string;
  /** Where it stands on the page, to be selected where the clipboard is closed to us. */
  readonly shown: () => HTMLElement | null;
}

export function copyButton(texts: Texts, source: CopySource): HTMLButtonElement {
  const idle = source.label;
  const attributes = source.of === null ? {} : { 'aria-label': `${idle}: ${source.of}` };
  const made = button(idle, () => void press(), attributes);
  const press = async () => {
    const done = await write(source.text());
    if (!done) select(source.shown());
    made.textContent = done ? texts.copied : texts.copyFailed;
    made.classList.toggle('done', done);
    announce(made.textContent);
    setTimeout(() => {
      made.textContent = idle;
      made.classList.remove('done');
    }, confirmationLasts);
  };
  return made;
}
