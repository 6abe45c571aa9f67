import type { Language } from '../../../../tools/web/languages.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { Texts } from './texts.ts';

export * from '../../../../tools/web/languages.ts';

const all: Readonly<Record<Language, Texts>> = { en, de, fr, es, ja };

export function textsOf(language: Language): Texts {
  return all[language];
}
