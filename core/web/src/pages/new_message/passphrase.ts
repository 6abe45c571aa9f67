export const wordsInPassphrase = 6;

type RandomNumbers = (count: number) => Uint16Array;

function systemRandom(count: number): Uint16Array {
  return crypto.getRandomValues(new Uint16Array(count));
}

/**
 * Words drawn with equal chance, with a space between. `list` must hold a power of two of at most 65,536 words:
 * then the low bits of a random number choose one without favour, and each word is worth log2 of their count.
 */
export function drawWords(
  list: readonly string[],
  count: number,
  random: RandomNumbers = systemRandom,
): string {
  const bits = Math.log2(list.length);
  if (!Number.isInteger(bits) || bits > 16)
    throw new Error('the word list must hold a power of two of words');
  const drawn = [...random(count)].map((number) => list[number & (list.length - 1)] ?? '');
  return drawn.join(' ');
}

/** Six words of 2,048: 66 bits. The list comes when it is asked for. */
export async function newPassphrase(): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  return drawWords(wordlist, wordsInPassphrase);
}

export const wordsBits = wordsInPassphrase * 11;

export type Strength = 'weak' | 'fair' | 'good' | 'strong';

const alphabets: readonly [RegExp, number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[ -/:-@[-`{-~]/, 33],
  [/[^ -~]/, 60],
];

/** Characters that are not told by the one before: `aaaa`, `abcd` and `4321` count once and a little. */
function surprisingLength(typed: string): number {
  let length = 0;
  let before = Number.NaN;
  for (const character of typed) {
    const code = character.codePointAt(0) ?? 0;
    length += Math.abs(code - before) <= 1 ? 0.25 : 1;
    before = code;
  }
  return length;
}

/**
 * A careful guess at the bits of chance in a typed passphrase: people choose worse than dice, so that words of
 * letters count 11 bits each, single characters two thirds of what chance would give.
 */
function guessedBits(typed: string): number {
  if (typed === '') return 0;
  const distinct = new Set(typed).size;
  const size = alphabets.reduce((sum, [pattern, count]) => (pattern.test(typed) ? sum + count : sum), 0);
  const bySigns = Math.min(surprisingLength(typed), distinct * 2) * Math.log2(size) * 0.68;
  const words = new Set(typed.toLowerCase().match(/\p{L}{3,}/gu) ?? []);
  const onlyWords = /^[\p{L}\s_-]+$/u.test(typed);
  return onlyWords ? Math.min(bySigns, words.size * 11) : bySigns;
}

export function strengthOf(typed: string): Strength {
  const bits = guessedBits(typed);
  if (bits < 30) return 'weak';
  if (bits < 50) return 'fair';
  return bits < 64 ? 'good' : 'strong';
}
