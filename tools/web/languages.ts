/** The languages of the edges' pages, and how each writes times and sizes. */
export const languages = ['en', 'de', 'fr', 'es', 'ja'] as const;
export type Language = (typeof languages)[number];

/** Each in its own words. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
};

export function isLanguage(name: string): name is Language {
  return languages.some((language) => language === name);
}

/** Those of ours that the administrator offers; all of them where none is named. */
export function offered(names: readonly string[]): readonly Language[] {
  const found = names.filter(isLanguage);
  return found.length === 0 ? languages : found;
}

/** The first that the reader wants and that is offered, else the first offered. */
export function choose(wanted: readonly string[], among: readonly Language[]): Language {
  for (const want of wanted) {
    const base = want.toLowerCase().split('-')[0] ?? '';
    const found = among.find((language) => language === base);
    if (found !== undefined) return found;
  }
  return among[0] ?? 'en';
}

export interface Formats {
  readonly moment: (at: number) => string;
  readonly short: (at: number) => string;
  readonly clock: (at: number) => string;
  readonly bytes: (count: number) => string;
}

/** A time as m:ss, or h:mm:ss from one hour on. */
export function minutes(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (count: number) => String(count).padStart(2, '0');
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, two(seconds % 60)];
  return hour > 0 ? `${hour}:${two(minute)}:${second}` : `${minute}:${second}`;
}

function bytesIn(locale: string, count: number): string {
  const [unit, size] =
    count < 1000
      ? (['byte', 1] as const)
      : count < 1e6
        ? (['kilobyte', 1e3] as const)
        : (['megabyte', 1e6] as const);
  const style = {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
  } as const;
  return new Intl.NumberFormat(locale, style).format(count / size);
}

/** Dates as the reader writes them: "en" alone would be American for a reader in London. */
export function formatsOf(language: Language, wanted: readonly string[] = []): Formats {
  const locale = wanted.find((want) => want.split('-')[0] === language) ?? language;
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  const short = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  return {
    moment: (at) => moment.format(at),
    short: (at) => short.format(at),
    clock: (at) => clock.format(at),
    bytes: (count) => bytesIn(locale, count),
  };
}
