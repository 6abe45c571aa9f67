/** One session with the gateway: opens, acknowledges what was shown, and comes back after a lost network. */
import { type Bytes, decodeFrame, inputFrames } from './bytes.ts';
import { type Answer, decodeMessage, type FromGateway, type Ready, type ToGateway } from './wire.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What a session starts from: a ticket, or what a page that was reloaded kept of it. */
export type Start =
  | { readonly kind: 'ticket'; readonly id: string; readonly secret: string }
  | { readonly kind: 'resume'; readonly session: string; readonly resume: string; readonly seen: number };

/** Why it is over: a reason of ticket.md section 4, or one that only the page can know. */
export type Over = { readonly reason: string; readonly exit: number | null; readonly by: string | null };

export interface Listener {
  told(message: Exclude<FromGateway, Answer>): void;
  answered(answer: Answer): void;
  output(data: Bytes, shown: () => void): void;
  download(request: number, data: Bytes): void;
  lost(until: number): void;
  over(over: Over): void;
}

/** The part of WebSocket that is used, so that a test can play it. */
export interface Wire {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: string | Bytes): void;
  close(): void;
}

export interface World {
  readonly dial: () => Wire;
  readonly now: () => number;
  readonly later: (milliseconds: number, then: () => void) => void;
}

export const resumeWindow = 60_000;
const acknowledgeEvery = 64 * 1024;
const acknowledgeAfter = 100;
const dialPatience = 10_000;
const connecting = 0;
const open = 1;

export class Connection {
  readonly #world: World;
  readonly #listener: Listener;
  #size: Size;
  #start: Start | null;
  #wire: Wire | null = null;
  #session: string | null = null;
  #resume: string | null = null;
  #received = 0;
  #shown = 0;
  #acknowledged = 0;
  #acknowledging = false;
  #lostAt: number | null = null;
  #attempts = 0;
  #stuck = 0;
  #isOver = false;
  #isReady = false;

  constructor(start: Start, size: Size, listener: Listener, world: World) {
    this.#start = start;
    this.#size = size;
    this.#listener = listener;
    this.#world = world;
    if (start.kind === 'resume') {
      this.#session = start.session;
      this.#resume = start.resume;
      this.#received = this.#shown = this.#acknowledged = start.seen;
      this.#lostAt = world.now();
    }
    this.#dial();
  }

  /** What a reload needs to come back, else null. */
  get kept(): Start | null {
    if (this.#isOver || this.#session === null || this.#resume === null) return null;
    return { kind: 'resume', session: this.#session, resume: this.#resume, seen: this.#received };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Bytes that came and are not shown yet. */
  get waiting(): number {
    return this.#received - this.#shown;
  }

  get buffered(): number {
    return this.#wire?.bufferedAmount ?? 0;
  }

  /** False where there is no connection to send it on. */
  send(message: ToGateway): boolean {
    return this.#write(JSON.stringify(message));
  }

  /** Keys. What is typed while the network is away is not sent later: nobody would see what it does. */
  type(data: Bytes): boolean {
    return this.#isReady && inputFrames(data).every((frame) => this.#write(frame));
  }

  upload(frame: Bytes): boolean {
    return this.#isReady && this.#write(frame);
  }

  resize(size: Size): void {
    this.#size = size;
    if (this.#isReady) this.send({ type: 'size', ...size });
  }

  /** To be called every 10 s: says that the page lives, and finds a network that died without a word. */
  beat(): void {
    if (this.#wire === null || this.#wire.readyState !== open || !this.#isReady) return;
    this.#stuck = this.#wire.bufferedAmount > 0 ? this.#stuck + 1 : 0;
    if (this.#stuck >= 2) return this.reconnect();
    this.#acknowledge(true);
  }

  /** Leaves the connection and takes a new one, as when the network changed. */
  reconnect(): void {
    if (this.#isOver || !this.#isReady) return;
    this.#wire?.close();
    this.#leave();
    this.#retry();
  }

  #dial(): void {
    const wire = this.#world.dial();
    this.#wire = wire;
    this.#stuck = 0;
    wire.binaryType = 'arraybuffer';
    wire.onopen = () => wire.send(JSON.stringify(this.#opening()));
    wire.onmessage = (event) => this.#take(event.data);
    wire.onclose = (event) => this.#closed(event.code);
    this.#world.later(dialPatience, () => this.#giveUp(wire));
  }

  /** A network that swallows everything ends no attempt by itself. */
  #giveUp(wire: Wire): void {
    const isHanging = wire.readyState === connecting || (this.#session !== null && !this.#isReady);
    if (this.#wire !== wire || !isHanging) return;
    wire.close();
    this.#closed(1006);
  }

  /** The ticket's secret is forgotten as soon as it was sent. */
  #opening(): object {
    const start = this.#start;
    this.#start = null;
    if (start?.kind === 'ticket')
      return { v: 1, id: start.id, secret: start.secret, ...this.#size, term: 'xterm-256color' };
    return { v: 1, session: this.#session, resume: this.#resume, seen: this.#received, ...this.#size };
  }

  #write(data: string | Bytes): boolean {
    if (this.#wire === null || this.#wire.readyState !== open) return false;
    this.#wire.send(data);
    return true;
  }

  #take(data: unknown): void {
    if (typeof data === 'string') return this.#takeText(data);
    const frame = data instanceof ArrayBuffer ? decodeFrame(data) : null;
    if (frame === null) return this.#end('protocol');
    if (frame.kind === 'download') return this.#listener.download(frame.request, frame.data);
    this.#takeOutput(frame.offset, frame.data);
  }

  #takeText(written: string): void {
    const message = decodeMessage(written);
    if (message === null) return this.#end('protocol');
    switch (message.type) {
      case 'entries':
      case 'opened':
      case 'done':
      case 'failed':
      case 'more':
        return this.#listener.answered(message);
      case 'ended':
        return this.#finish(message);
      case 'ready':
        this.#arrive(message);
    }
    this.#listener.told(message);
  }

  #arrive(ready: Ready): void {
    this.#session = ready.session;
    this.#resume = ready.resume;
    this.#isReady = true;
    this.#lostAt = null;
    this.#attempts = 0;
    this.#acknowledge(true);
  }

  /** What comes twice is left out; a gap would be lost output, and is never shown as if it were whole. */
  #takeOutput(offset: number, data: Bytes): void {
    if (offset > this.#received) return this.#end('protocol');
    const fresh = data.subarray(Math.min(this.#received - offset, data.length));
    if (fresh.length === 0) return;
    this.#received += fresh.length;
    this.#listener.output(fresh, () => {
      this.#shown += fresh.length;
      this.#acknowledge(false);
    });
  }

  #acknowledge(now: boolean): void {
    if (now || this.#shown - this.#acknowledged >= acknowledgeEvery) {
      if (this.send({ type: 'seen', seen: this.#shown })) this.#acknowledged = this.#shown;
      return;
    }
    if (this.#acknowledging) return;
    this.#acknowledging = true;
    this.#world.later(acknowledgeAfter, () => {
      this.#acknowledging = false;
      if (this.#isReady && this.#shown > this.#acknowledged) this.#acknowledge(true);
    });
  }

  #closed(code: number): void {
    this.#leave();
    if (this.#isOver) return;
    if (code === 4409) return this.#end('elsewhere');
    if (code === 4404) return this.#end(this.#session === null ? 'refused' : 'lost');
    if (this.#session === null) return this.#end('no_connection');
    this.#retry();
  }

  #leave(): void {
    if (this.#wire !== null) this.#wire.onopen = this.#wire.onmessage = this.#wire.onclose = null;
    this.#wire = null;
    this.#isReady = false;
  }

  #retry(): void {
    const now = this.#world.now();
    this.#lostAt ??= now;
    const until = this.#lostAt + resumeWindow;
    if (now >= until) return this.#end('lost');
    this.#listener.lost(until);
    const wait = Math.min(250 * 2 ** this.#attempts++, 3000);
    this.#world.later(wait, () => {
      if (!this.#isOver && this.#wire === null) this.#dial();
    });
  }

  #end(reason: string): void {
    this.#finish({ reason, exit: null, by: null });
  }

  #finish(over: Over): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resume = null;
    this.#wire?.close();
    this.#leave();
    this.#listener.over(over);
  }
}
