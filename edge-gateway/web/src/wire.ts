/** Text messages of docs/formats/session.md, section 2. What comes is `unknown` until it was looked at. */

type Check<T> = (value: unknown) => value is T;
type Checked<C> = C extends Check<infer T> ? T : never;
type Shape = Readonly<Record<string, Check<unknown>>>;
type Shaped<S extends Shape> = { readonly [K in keyof S]: Checked<S[K]> };

const text = (value: unknown): value is string => typeof value === 'string';
const bool = (value: unknown): value is boolean => typeof value === 'boolean';
const count = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const number = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

function oneOf<const T extends readonly string[]>(...names: T): Check<T[number]> {
  return (value): value is T[number] => names.some((name) => name === value);
}

function members<S extends Shape>(shape: S): Check<Shaped<S>> {
  return (value): value is Shaped<S> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const found = new Map<string, unknown>(Object.entries(value));
    return Object.entries(shape).every(([name, check]) => check(found.get(name)));
  };
}

function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

const rights = members({ input: bool, paste: bool, copy: bool, upload: bool, download: bool });
const entry = members({
  name: text,
  kind: oneOf('file', 'folder', 'link', 'other'),
  size: count,
  changed_at: number,
  mode: number,
});
const failure = oneOf('not_found', 'forbidden', 'exists', 'too_large', 'unavailable', 'cancelled', 'changed');

const state = members({ type: oneOf('state'), state: oneOf('dialling', 'host_key', 'login') });
const ready = members({
  type: oneOf('ready'),
  session: text,
  resume: text,
  title: text,
  user: text,
  recorded: bool,
  records_input: bool,
  rights,
  idle_ms: count,
  left_ms: count,
});
const warning = members({ type: oneOf('warning'), code: oneOf('idle', 'limit', 'disk'), left_ms: count });
const watched = members({ type: oneOf('watched'), by: orNull(text) });
const ended = members({ type: oneOf('ended'), reason: text, exit: orNull(number), by: orNull(text) });
const entries = members({ type: oneOf('entries'), request: count, entries: list(entry), done: bool });
const opened = members({ type: oneOf('opened'), request: count, size: count });
const done = members({ type: oneOf('done'), request: count, size: count, sha256: orNull(text) });
const failed = members({ type: oneOf('failed'), request: count, code: failure });
const more = members({ type: oneOf('more'), request: count, seen: count });

export type Rights = Checked<typeof rights>;
export type Entry = Checked<typeof entry>;
export type Failure = Checked<typeof failure>;
export type Ready = Checked<typeof ready>;
export type Warning = Checked<typeof warning>;
export type Ended = Checked<typeof ended>;
export type Way = Checked<typeof state>['state'];
export type Answer =
  | Checked<typeof entries>
  | Checked<typeof opened>
  | Checked<typeof done>
  | Checked<typeof failed>
  | Checked<typeof more>;
export type FromGateway = Checked<typeof state> | Ready | Warning | Checked<typeof watched> | Ended | Answer;

const all: readonly Check<FromGateway>[] = [
  state,
  ready,
  warning,
  watched,
  ended,
  entries,
  opened,
  done,
  failed,
  more,
];

/** The message, else null. */
export function decodeMessage(written: string): FromGateway | null {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return null;
  }
  for (const check of all) if (check(value)) return value;
  return null;
}

export type ToGateway =
  | { type: 'size'; columns: number; rows: number }
  | { type: 'seen'; seen: number }
  | { type: 'end' }
  | { type: 'list'; request: number; path: string }
  | { type: 'get'; request: number; path: string; offset: number }
  | { type: 'put'; request: number; path: string; size: number; offset: number; replace: boolean }
  | { type: 'taken'; request: number; seen: number }
  | { type: 'rename'; request: number; path: string; to: string }
  | { type: 'remove'; request: number; path: string }
  | { type: 'make'; request: number; path: string }
  | { type: 'cancel'; request: number };
