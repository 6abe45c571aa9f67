const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

type Unit = keyof typeof units;

function isUnit(letter: string): letter is Unit {
  return letter in units;
}

/** Seconds of `30m`, `3h`, `2d`, `45s`; undefined when it is not written like this. */
export function durationInSeconds(written: string): number | undefined {
  const found = /^(\d{1,9})([smhd])$/.exec(written);
  if (!found?.[1] || !found[2] || !isUnit(found[2])) return undefined;
  return Number(found[1]) * units[found[2]];
}

/** What a person types, as the API wants it: `2 D` becomes `2d`. */
export function normalDuration(typed: string): string {
  return typed.toLowerCase().replaceAll(/\s+/g, '');
}

/** "15 min", "1 day": for where there is little room. */
export function durationShort(written: string): string {
  return durationInWords(written)
    .replace(/minutes?/, 'min')
    .replace(/seconds?/, 's');
}

const names: Record<Unit, [one: string, many: string]> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
};

/** "1 day", "90 minutes"; what is not a duration comes back as it is. */
export function durationInWords(written: string): string {
  const letter = written.slice(-1);
  if (durationInSeconds(written) === undefined || !isUnit(letter)) return written;
  const count = Number(written.slice(0, -1));
  return `${count} ${names[letter][count === 1 ? 0 : 1]}`;
}
