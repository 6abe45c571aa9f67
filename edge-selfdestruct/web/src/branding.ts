/** The administrator's name, colour, help and logo. A colour is moved until text in it can be read. */
import { isMembers } from './decoded.ts';

export interface Branding {
  readonly name: string;
  readonly help: string | null;
  readonly colour: string | null;
  /** Relative to the page. */
  readonly logo: string | null;
  readonly languages: readonly string[];
}

export const plain: Branding = { name: 'Sallyport', help: null, colour: null, logo: null, languages: [] };

function textOr<T>(value: unknown, most: number, otherwise: T): string | T {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, most) : otherwise;
}

function relative(path: unknown): string | null {
  if (typeof path !== 'string' || !/^\/?[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/.test(path)) return null;
  return `../${path.replace(/^\//, '')}`;
}

/** Whatever is not of the right form is left out: branding never keeps a message from its reader. */
export function decodeBranding(value: unknown): Branding {
  if (!isMembers(value)) return plain;
  const { colour, languages } = value;
  return {
    name: textOr(value['name'], 80, plain.name),
    help: textOr(value['help'], 1000, null),
    colour: typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : null,
    logo: relative(value['logo']),
    languages: Array.isArray(languages) ? languages.filter((each) => typeof each === 'string') : [],
  };
}

type Rgb = readonly [number, number, number];

function rgb(colour: string): Rgb {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** WCAG 2.2: relative luminance. */
function luminance(colour: Rgb): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(rgb(one)), luminance(rgb(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function mixed(colour: string, towards: string, share: number): string {
  const [from, to] = [rgb(colour), rgb(towards)];
  const mix = (at: 0 | 1 | 2) => from[at] + (to[at] - from[at]) * share;
  return hex([mix(0), mix(1), mix(2)]);
}

export interface Accent {
  readonly accent: string;
  readonly hover: string;
  readonly on: string;
}

const need = 4.6;

/** `colour`, moved towards `end` (black or white) until it has contrast on `surface` and with text on itself. */
function accent(colour: string, surface: string, end: string, on: string): Accent {
  const steps = Array.from({ length: 21 }, (_, step) => mixed(colour, end, step / 20));
  const fits = (each: string) => contrast(each, surface) >= need && contrast(each, on) >= need;
  const found = steps.find(fits) ?? end;
  return { accent: found, hover: mixed(found, end, 0.2), on };
}

/** The surfaces are the least favourable ones of page.css. */
export function lightAccent(colour: string): Accent {
  return accent(colour, '#eef0f4', '#000000', '#ffffff');
}

export function darkAccent(colour: string): Accent {
  return accent(colour, '#1c222b', '#ffffff', '#0b1430');
}
