/** Font size, colours, bell, language, screen reader. Each change acts at once. */

import { element } from '../../../../tools/web/dom.ts';
import type { Texts } from '../i18n/texts.ts';
import { type Bell, largest, type Settings, smallest, type Theme } from '../settings.ts';

interface Choices {
  readonly themes: readonly Theme[];
  readonly bells: readonly Bell[];
  readonly names: Readonly<Record<string, string>>;
  readonly language: string;
}

export class SettingsForm {
  readonly place = element('div', { class: 'settings' });
  onchange: (settings: Settings) => void = () => {};
  #settings: Settings;

  constructor(t: Texts, settings: Settings, choices: Choices) {
    this.#settings = settings;
    const themeWords = { dark: t.themeDark, light: t.themeLight, contrast: t.themeContrast };
    const bellWords = { visual: t.bellVisual, sound: t.bellSound, none: t.bellNone };
    this.place.append(
      this.#sizeField(t),
      this.#select(
        t.theme,
        choices.themes.map((each) => [each, themeWords[each]]),
        settings.theme,
        (value) => ({ theme: choices.themes.find((each) => each === value) ?? 'dark' }),
      ),
      this.#select(
        t.bell,
        choices.bells.map((each) => [each, bellWords[each]]),
        settings.bell,
        (value) => ({ bell: choices.bells.find((each) => each === value) ?? 'visual' }),
      ),
      this.#select(t.language, Object.entries(choices.names), choices.language, (language) => ({ language })),
      this.#readerField(t),
    );
  }

  #change(part: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...part };
    this.onchange(this.#settings);
  }

  #sizeField(t: Texts): HTMLElement {
    const input = element('input', { type: 'number', min: String(smallest), max: String(largest) });
    input.value = String(this.#settings.fontSize);
    input.addEventListener('change', () => {
      const size = Math.min(largest, Math.max(smallest, Math.round(Number(input.value) || 14)));
      input.value = String(size);
      this.#change({ fontSize: size });
    });
    return element('label', {}, t.fontSize, input);
  }

  #select(
    label: string,
    options: readonly (readonly [string, string])[],
    chosen: string,
    change: (value: string) => Partial<Settings>,
  ): HTMLElement {
    const select = element('select', { 'aria-label': label });
    select.append(...options.map(([value, word]) => element('option', { value }, word)));
    select.value = chosen;
    select.addEventListener('change', () => this.#change(change(select.value)));
    return element('label', {}, label, select);
  }

  #readerField(t: Texts): HTMLElement {
    const box = element('input', { type: 'checkbox' });
    box.checked = this.#settings.reader;
    box.addEventListener('change', () => this.#change({ reader: box.checked }));
    return element('label', { class: 'check' }, box, t.reader);
  }
}
