/** A recording as the core gives it out: asciicast version 2 (docs/formats/recording.md section 2). */

/** Output, input, a change of size, a mark where a connection was lost and came back. */
export type CastKind = 'o' | 'i' | 'r' | 'm';
export type CastEvent = { at: number; kind: CastKind; data: string };
export type CastHead = { columns: number; rows: number; title: string; began: Date | undefined };
export type Size = { columns: number; rows: number };

const mostCells = 1_000;
const kinds: readonly CastKind[] = ['o', 'i', 'r', 'm'];

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function cells(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostCells
    ? value
    : undefined;
}

function headOf(line: string): CastHead | undefined {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const columns = cells(members.get('width'));
  const rows = cells(members.get('height'));
  if (members.get('version') !== 2 || !columns || !rows) return undefined;
  const title = members.get('title');
  const began = members.get('timestamp');
  return {
    columns,
    rows,
    title: typeof title === 'string' ? title : '',
    began: typeof began === 'number' ? new Date(began * 1_000) : undefined,
  };
}

function eventOf(line: string): CastEvent | undefined {
  const value = parsed(line);
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [at, kind, data]: unknown[] = value;
  const known = kinds.find((each) => each === kind);
  if (typeof at !== 'number' || !(at >= 0) || known === undefined || typeof data !== 'string')
    return undefined;
  return { at, kind: known, data };
}

/** The size that an event of kind `r` names, such as "120x40". */
export function sizeOf(data: string): Size | undefined {
  const found = /^(\d{1,4})x(\d{1,4})$/.exec(data);
  const columns = cells(Number(found?.[1]));
  const rows = cells(Number(found?.[2]));
  return columns && rows ? { columns, rows } : undefined;
}

/**
 * A recording, which may still grow: text comes in pieces that are cut anywhere. What stands before a line that cannot be
 * read is shown; nothing after it ever is.
 */
export class Cast {
  head: CastHead | undefined;
  readonly events: CastEvent[] = [];
  broken = false;
  #rest = '';

  /** The events that this piece brought. */
  add(piece: string): readonly CastEvent[] {
    const before = this.events.length;
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    return this.events.slice(before);
  }

  /** No more comes: a last line without its end counts too. */
  end() {
    const last = this.#rest;
    this.#rest = '';
    this.#take(last);
  }

  /** Seconds from the first moment to the last event. */
  get duration(): number {
    return this.events.at(-1)?.at ?? 0;
  }

  #take(line: string) {
    if (this.broken || line === '') return;
    if (this.head === undefined) {
      this.head = headOf(line);
      this.broken = this.head === undefined;
      return;
    }
    const event = eventOf(line);
    if (event) this.events.push(event.at < this.duration ? { ...event, at: this.duration } : event);
    else this.broken = true;
  }
}
