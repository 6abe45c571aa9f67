/** Requests for files over a session's connection: docs/formats/session.md, section 2. */
import { type Bytes, uploadFrame } from './bytes.ts';
import type { Answer, Entry, Failure, ToGateway } from './wire.ts';

export interface Line {
  send(message: ToGateway): boolean;
  upload(frame: Bytes): boolean;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: Failure | 'lost' };
export type Progress = (sofar: number, of: number) => void;

interface Pending {
  answer(answer: Answer): void;
  data(data: Bytes): void;
  fail(code: Failure | 'lost'): void;
}

const mostOpen = 8;
const underWay = 1024 * 1024;
const piece = 32 * 1024;
const acknowledgeEvery = 256 * 1024;

/** A download that can go on after it was cut. */
export class Received {
  #parts: BlobPart[] = [];
  #loose: Bytes[] = [];
  #looseSize = 0;
  size = 0;

  add(data: Bytes): void {
    this.#loose.push(data);
    this.size += data.length;
    this.#looseSize += data.length;
    if (this.#looseSize < 8 * underWay) return;
    this.#parts.push(new Blob(this.#loose)); // the browser may put a blob on its disk
    this.#loose = [];
    this.#looseSize = 0;
  }

  whole(): Blob {
    return new Blob([...this.#parts, ...this.#loose]);
  }
}

export class Transfers {
  readonly #line: Line;
  readonly #pending = new Map<number, Pending>();
  readonly #queue: (() => void)[] = [];
  #next = 1;

  constructor(line: Line) {
    this.#line = line;
  }

  answered(answer: Answer): void {
    this.#pending.get(answer.request)?.answer(answer);
  }

  received(request: number, data: Bytes): void {
    this.#pending.get(request)?.data(data);
  }

  /** The connection is gone, and with it what was under way. */
  lost(): void {
    for (const pending of [...this.#pending.values()]) pending.fail('lost');
  }

  list(path: string): Promise<Result<readonly Entry[]>> {
    const all: Entry[] = [];
    return this.#start<readonly Entry[]>(
      (request) => ({ type: 'list', request, path }),
      (finish) => (answer) => {
        if (answer.type !== 'entries') return;
        all.push(...answer.entries);
        if (answer.done) finish(all);
      },
    );
  }

  rename(path: string, to: string): Promise<Result<number>> {
    return this.#simple((request) => ({ type: 'rename', request, path, to }));
  }

  remove(path: string): Promise<Result<number>> {
    return this.#simple((request) => ({ type: 'remove', request, path }));
  }

  make(path: string): Promise<Result<number>> {
    return this.#simple((request) => ({ type: 'make', request, path }));
  }

  /** Goes on from what `into` holds. */
  get(path: string, into: Received, progress: Progress, stop: AbortSignal): Promise<Result<number>> {
    let size = 0;
    let told = into.size;
    return this.#start<number>(
      (request) => ({ type: 'get', request, path, offset: into.size }),
      (finish) => (answer) => {
        if (answer.type === 'opened') size = answer.size;
        if (answer.type === 'done') finish(into.size);
      },
      (request) => (data) => {
        into.add(data);
        progress(into.size, size);
        if (into.size - told < acknowledgeEvery) return;
        told = into.size;
        this.#line.send({ type: 'taken', request, seen: told });
      },
      stop,
    );
  }

  /** Sends `file` from `offset` on, with at most 1 MiB under way. */
  put(
    path: string,
    file: Blob,
    offset: number,
    replace: boolean,
    progress: Progress,
    stop: AbortSignal,
  ): Promise<Result<number>> {
    let sent = offset;
    let written = offset;
    let sending = false;
    const send = async (request: number): Promise<void> => {
      while (sent < file.size && sent - written < underWay && this.#pending.has(request)) {
        const data = new Uint8Array(await file.slice(sent, sent + piece).arrayBuffer());
        if (!this.#pending.has(request) || !this.#line.upload(uploadFrame(request, data))) break;
        sent += data.length;
      }
    };
    const pump = async (request: number): Promise<void> => {
      if (sending) return;
      sending = true;
      try {
        await send(request);
      } catch {
        // The browser reads no file that changed since it was chosen.
        this.#line.send({ type: 'cancel', request });
        this.#pending.get(request)?.fail('changed');
      }
      sending = false;
    };
    return this.#start<number>(
      (request) => {
        queueMicrotask(() => void pump(request));
        return { type: 'put', request, path, size: file.size, offset, replace };
      },
      (finish) => (answer) => {
        if (answer.type === 'done') return finish(answer.size);
        if (answer.type !== 'more') return;
        written = Math.max(written, answer.seen);
        progress(written, file.size);
        void pump(answer.request);
      },
      undefined,
      stop,
    );
  }

  #simple(message: (request: number) => ToGateway): Promise<Result<number>> {
    return this.#start<number>(message, (finish) => (answer) => {
      if (answer.type === 'done') finish(answer.size);
    });
  }

  #start<T>(
    message: (request: number) => ToGateway,
    take: (finish: (value: T) => void) => (answer: Answer) => void,
    data: (request: number) => (data: Bytes) => void = () => () => {},
    stop?: AbortSignal,
  ): Promise<Result<T>> {
    return new Promise((resolve) => {
      const begin = () => {
        const request = this.#next++;
        const settle = (result: Result<T>) => {
          if (!this.#pending.delete(request)) return;
          resolve(result);
          if (this.#pending.size < mostOpen) this.#queue.shift()?.();
        };
        const fail = (code: Failure | 'lost') => settle({ ok: false, code });
        const taken = take((value) => settle({ ok: true, value }));
        this.#pending.set(request, {
          answer: (answer) => (answer.type === 'failed' ? fail(answer.code) : taken(answer)),
          data: data(request),
          fail,
        });
        stop?.addEventListener('abort', () => {
          if (this.#pending.has(request)) this.#line.send({ type: 'cancel', request });
        });
        if (stop?.aborted === true) return fail('cancelled');
        if (!this.#line.send(message(request))) fail('lost');
      };
      if (this.#pending.size < mostOpen) begin();
      else this.#queue.push(begin);
    });
  }
}
