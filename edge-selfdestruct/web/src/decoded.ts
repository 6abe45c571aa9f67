/** What comes from outside is `unknown` until one of these said what it is. */

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function good<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function bad(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when `value` has these members and no others. */
export function hasExactly(value: Members, names: readonly string[]): boolean {
  const found = Object.keys(value);
  return found.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Milliseconds since 1970 of an RFC 3339 time, else null. */
export function instant(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

/** The value of every element, or the first problem. */
export function decodeEach<T>(list: unknown, decode: (value: unknown) => Decoded<T>): Decoded<readonly T[]> {
  if (!Array.isArray(list)) return bad('not a list');
  const values: T[] = [];
  for (const element of list) {
    const decoded = decode(element);
    if (!decoded.ok) return decoded;
    values.push(decoded.value);
  }
  return good(values);
}
