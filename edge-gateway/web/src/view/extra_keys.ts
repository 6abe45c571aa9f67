/** Keys that a tablet lacks. Ctrl and Alt hold for the next key. */

import { button, element } from '../../../../tools/web/dom.ts';
import { type Bytes, utf8 } from '../bytes.ts';

const keys: readonly (readonly [string, string, string])[] = [
  ['Esc', 'Escape', '\x1b'],
  ['Tab', 'Tab', '\t'],
  ['←', 'Left', '\x1b[D'],
  ['↑', 'Up', '\x1b[A'],
  ['↓', 'Down', '\x1b[B'],
  ['→', 'Right', '\x1b[C'],
  ['|', '|', '|'],
  ['/', '/', '/'],
  ['~', '~', '~'],
  ['-', '-', '-'],
];

/** What a key gives with Ctrl, as a terminal has it. */
export function withControl(key: string): string {
  const code = key.toUpperCase().charCodeAt(0);
  if (key.length !== 1) return key;
  return code >= 64 && code < 96 ? String.fromCharCode(code & 31) : key === ' ' ? '\0' : key;
}

export class ExtraKeys {
  readonly place: HTMLElement;
  readonly #held = { ctrl: false, alt: false };
  readonly #holders: HTMLButtonElement[] = [];

  constructor(label: string, type: (data: Bytes) => void, isApplication: () => boolean) {
    const press = (written: string) => {
      const sent = isApplication() ? written.replace('\x1b[', '\x1bO') : written;
      type(this.apply(utf8(sent)));
    };
    const made = keys.map(([sign, name, written]) => this.#quiet(sign, name, () => press(written)));
    this.place = element('div', { class: 'keys', role: 'toolbar', 'aria-label': label });
    this.place.append(
      ...made.slice(0, 2),
      this.#holder('Ctrl', 'ctrl'),
      this.#holder('Alt', 'alt'),
      ...made.slice(2),
    );
  }

  /** The next key, with what is held. */
  apply(data: Bytes): Bytes {
    if (!this.#held.ctrl && !this.#held.alt) return data;
    const text = new TextDecoder().decode(data);
    const changed = (this.#held.alt ? '\x1b' : '') + (this.#held.ctrl ? withControl(text) : text);
    this.#held.ctrl = this.#held.alt = false;
    for (const each of this.#holders) each.setAttribute('aria-pressed', 'false');
    return utf8(changed);
  }

  /** A button that leaves the focus, and so the screen keyboard, with the terminal. */
  #quiet(sign: string, name: string, press: () => void): HTMLButtonElement {
    const made = button(sign, press, { 'aria-label': name });
    made.addEventListener('pointerdown', (event) => event.preventDefault());
    return made;
  }

  #holder(sign: string, which: 'ctrl' | 'alt'): HTMLButtonElement {
    const made = this.#quiet(sign, sign, () => {
      this.#held[which] = !this.#held[which];
      made.setAttribute('aria-pressed', String(this.#held[which]));
    });
    made.setAttribute('aria-pressed', 'false');
    this.#holders.push(made);
    return made;
  }
}
