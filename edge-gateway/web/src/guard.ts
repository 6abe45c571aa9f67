/** What a host may do to this terminal by escape sequences, and what it may not. README.md says why. */
import type { IDisposable, Terminal } from '@xterm/xterm';

/** Answers of fixed form that programs need, at most so many a second: a host cannot make the page type a flood. */
const answersPerSecond = 50;

class Allowance {
  #second = 0;
  #used = 0;

  take(now: number): boolean {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#used = 0;
    }
    return this.#used++ < answersPerSecond;
  }
}

/** A handler that returns true has dealt with the sequence; false leaves it to xterm. */
export function guard(terminal: Terminal, now: () => number = Date.now): readonly IDisposable[] {
  const allowance = new Allowance();
  const limited = () => !allowance.take(now());
  const refuse = () => true;
  const { parser } = terminal;
  /** Setting colours is allowed, asking for them ("?") is not: the answer would be typed at the host. */
  const noQuery = (data: string) => data.includes('?');
  return [
    parser.registerOscHandler(52, refuse), // the clipboard, neither read nor written
    ...[4, 10, 11, 12].map((number) => parser.registerOscHandler(number, noQuery)),
    parser.registerCsiHandler({ final: 't' }, refuse), // window reports, title reports, resizing
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, refuse), // DECRQSS
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, refuse), // XTGETTCAP
    parser.registerCsiHandler({ prefix: '>', final: 'q' }, refuse), // XTVERSION
    parser.registerCsiHandler({ final: 'n' }, limited), // DSR: "ready", and where the cursor is
    parser.registerCsiHandler({ prefix: '?', final: 'n' }, limited),
    parser.registerCsiHandler({ final: 'c' }, limited), // DA: which kind of terminal
    parser.registerCsiHandler({ prefix: '>', final: 'c' }, limited),
    parser.registerCsiHandler({ intermediates: '$', final: 'p' }, limited), // DECRQM
    parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, limited),
  ];
}

/** Characters that control, or that turn the direction of text, so that words of a host cannot pose as ours. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A host's title as plain words, at most 60 characters. */
export function cleanTitle(title: string): string {
  return Array.from(title.replace(unsafe, '')).slice(0, 60).join('').trim();
}

/** Only web addresses open, and only in their normal form, which is what the question shows. */
export function webAddress(written: string): string | null {
  try {
    const url = new URL(written);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
    return url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}

/** What is pasted holds no control but tab and new line: it could end a bracketed paste and run. */
export function cleanPaste(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  return lines.replace(/[\p{Cc}]/gu, (each) => (each === '\n' || each === '\t' ? each : ''));
}

/** Many lines, or much, is shown before it goes. */
export function needsQuestion(text: string): boolean {
  return text.includes('\n') || text.length > 2000;
}
