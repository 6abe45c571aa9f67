/** What surrounds every screen: name, logo, colour, language, help. */

import { type Child, element } from '../../../../tools/web/dom.ts';
import { type Branding, darkAccent, lightAccent } from '../branding.ts';
import { type Language, languageNames, textsOf } from '../i18n/index.ts';

export interface Shell {
  readonly page: HTMLElement;
  readonly dress: (branding: Branding, offered: readonly Language[], language: Language) => void;
}

/** Custom properties are set through the style object, which the policy allows; page.css picks by theme. */
function colourIn(colour: string): void {
  const { style } = document.documentElement;
  for (const [theme, chosen] of [
    ['light', lightAccent(colour)] as const,
    ['dark', darkAccent(colour)] as const,
  ]) {
    style.setProperty(`--brand-${theme}`, chosen.accent);
    style.setProperty(`--brand-${theme}-hover`, chosen.hover);
    style.setProperty(`--brand-${theme}-on`, chosen.on);
  }
}

function logo(branding: Branding): Child {
  if (branding.logo === null) return null;
  const image = element('img', { src: branding.logo, alt: '', class: 'logo' });
  image.addEventListener('error', () => image.remove());
  return image;
}

function picker(
  offered: readonly Language[],
  language: Language,
  choose: (language: Language) => void,
): Child {
  const options = offered.map((each) => element('option', { value: each, lang: each }, languageNames[each]));
  const select = element('select', { 'aria-label': textsOf(language).language }, ...options);
  select.value = language;
  select.addEventListener('change', () => {
    const chosen = offered.find((each) => each === select.value);
    if (chosen !== undefined) choose(chosen);
  });
  return offered.length > 1 ? select : null;
}

function fill(place: HTMLElement, ...children: readonly Child[]): void {
  place.replaceChildren(...children.filter((child) => child !== null));
}

export function makeShell(choose: (language: Language) => void): Shell {
  const header = element('header');
  const footer = element('footer');
  const page = element('main', { id: 'page' });
  document.body.replaceChildren(header, page, footer);

  const dress = (branding: Branding, offered: readonly Language[], language: Language) => {
    const texts = textsOf(language);
    const hadFocus = header.contains(document.activeElement);
    document.documentElement.lang = language;
    if (branding.colour !== null) colourIn(branding.colour);
    fill(
      header,
      element('p', { class: 'brand' }, logo(branding), branding.name),
      picker(offered, language, choose),
    );
    fill(
      footer,
      branding.help === null ? null : element('p', { class: 'help' }, branding.help),
      element('p', {}, texts.footer),
    );
    if (hadFocus) header.querySelector('select')?.focus();
  };
  return { page, dress };
}
