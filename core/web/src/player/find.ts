import type { CastEvent } from './cast';

/** Where a text stands in a recording: when it came, and the line around it. */
export type Finding = { at: number; line: string; typed: boolean };

const most = 200;
const around = 60;

// CSI, OSC and the other strings, other escapes: what a terminal obeys and does not show (ECMA-48).
const escapes = new RegExp(
  [
    '\\u001b\\[[0-?]*[ -/]*[@-~]',
    '\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?',
    '\\u001b[PX^_][^\\u001b]*(?:\\u001b\\\\)?',
    '\\u001b[ -/]*[0-~]',
  ].join('|'),
  'g',
);
const controls = /[^\P{Cc}\n\t]/gu;

/** The words that output shows, without what moves and colours them. */
export function plainText(output: string): string {
  return output.replace(escapes, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(controls, '');
}

type Piece = { begin: number; at: number };

/** All output of a recording as plain text, with the time of each piece. Made once, searched often. */
export class Script {
  readonly #typed: boolean;
  readonly #text: string;
  readonly #folded: string;
  readonly #pieces: Piece[] = [];

  constructor(events: readonly CastEvent[], kind: 'o' | 'i') {
    this.#typed = kind === 'i';
    const texts: string[] = [];
    let length = 0;
    for (const event of events) {
      if (event.kind !== kind) continue;
      const text = plainText(event.data);
      if (text === '') continue;
      this.#pieces.push({ begin: length, at: event.at });
      texts.push(text);
      length += text.length;
    }
    this.#text = texts.join('');
    // Only the Latin letters: other foldings change lengths, and with them the places.
    this.#folded = foldCase(this.#text);
  }

  find(wanted: string): Finding[] {
    const folded = foldCase(wanted);
    const findings: Finding[] = [];
    if (folded === '') return findings;
    let place = this.#folded.indexOf(folded);
    while (place >= 0 && findings.length < most) {
      const line = this.#lineAt(place, folded.length);
      findings.push({ at: this.#timeAt(place), line, typed: this.#typed });
      place = this.#folded.indexOf(folded, place + folded.length);
    }
    return findings;
  }

  #lineAt(place: number, length: number): string {
    const begin = Math.max(this.#text.lastIndexOf('\n', place) + 1, place - around);
    const newLine = this.#text.indexOf('\n', place + length);
    const end = Math.min(newLine < 0 ? this.#text.length : newLine, place + length + around);
    return this.#text.slice(begin, end).trim();
  }

  /** The time of the piece that the place falls into, by halving. */
  #timeAt(place: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#pieces[middle]?.begin ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return this.#pieces[low]?.at ?? 0;
  }
}

function foldCase(text: string): string {
  return text.replaceAll(/[A-ZÀ-ÖØ-Þ]/g, (letter) => letter.toLowerCase());
}

/** What is found in the output and in what was typed, in the order of time. */
export function findIn(scripts: readonly Script[], wanted: string): Finding[] {
  return scripts
    .flatMap((script) => script.find(wanted.trim()))
    .sort((a, b) => a.at - b.at)
    .slice(0, most);
}
