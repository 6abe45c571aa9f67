/** How the user wants the terminal. Kept for this browser tab; none of it is a secret. */
import type { ITheme } from '@xterm/xterm';
import { ansi, dark } from '../../../tools/web/terminal_colours.ts';

export const themes = ['dark', 'light', 'contrast'] as const;
export const bells = ['visual', 'sound', 'none'] as const;
export type Theme = (typeof themes)[number];
export type Bell = (typeof bells)[number];

export interface Settings {
  readonly fontSize: number;
  readonly theme: Theme;
  readonly bell: Bell;
  readonly reader: boolean;
  readonly language: string;
}

export const smallest = 8;
export const largest = 32;
const key = 'sallyport terminal settings';

function among<T extends string>(names: readonly T[], value: unknown, otherwise: T): T {
  return names.find((name) => name === value) ?? otherwise;
}

export function decodeSettings(written: string): Settings {
  let found = new Map<string, unknown>();
  try {
    const value: unknown = JSON.parse(written);
    if (typeof value === 'object' && value !== null) found = new Map(Object.entries(value));
  } catch {
    // What cannot be read is forgotten.
  }
  const size = found.get('fontSize');
  return {
    fontSize: typeof size === 'number' ? Math.min(largest, Math.max(smallest, Math.round(size))) : 14,
    theme: among(themes, found.get('theme'), 'dark'),
    bell: among(bells, found.get('bell'), 'visual'),
    reader: found.get('reader') === true,
    language: String(found.get('language') ?? ''),
  };
}

export function readSettings(): Settings {
  try {
    return decodeSettings(window.sessionStorage.getItem(key) ?? '');
  } catch {
    return decodeSettings('');
  }
}

export function keepSettings(settings: Settings): void {
  try {
    window.sessionStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // They last until the page is closed.
  }
}

export const colours: Readonly<Record<Theme, ITheme>> = {
  dark,
  light: {
    background: '#ffffff',
    foreground: '#14181f',
    cursor: '#2457c5',
    cursorAccent: '#ffffff',
    selectionBackground: '#b9cdf7',
    black: '#14181f',
    red: '#b3261e',
    green: '#146c3c',
    yellow: '#7a5300',
    blue: '#0b5cab',
    magenta: '#7b2fa8',
    cyan: '#00687a',
    white: '#5b6472',
    brightBlack: '#464f5e',
    brightRed: '#8f1e18',
    brightGreen: '#0f5530',
    brightYellow: '#614200',
    brightBlue: '#084a8a',
    brightMagenta: '#612585',
    brightCyan: '#005361',
    brightWhite: '#14181f',
  },
  contrast: {
    ...ansi,
    background: '#000000',
    foreground: '#ffffff',
    cursor: '#ffff00',
    cursorAccent: '#000000',
    selectionBackground: '#ffff00',
    selectionForeground: '#000000',
  },
};
