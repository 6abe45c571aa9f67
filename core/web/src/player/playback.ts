import { type Cast, type CastEvent, type Size, sizeOf } from './cast';

/** What playback draws on. */
export type Screen = {
  /** Empties it and gives it this size. */
  reset: (size: Size) => void;
  resize: (size: Size) => void;
  write: (output: string) => void;
};

export const speeds: readonly number[] = [0.5, 1, 2, 4, 8, 16];

/** A pause longer than this is cut to it while idle time is skipped, in seconds. */
export const longestPause = 1;

const smallest: Size = { columns: 80, rows: 24 };

/** Plays a recording onto a screen. It has no clock: whoever owns it says how much time has passed. */
export class Playback {
  speed = 1;
  skipIdle = true;
  #position = 0;
  #next = 0;
  readonly #cast: Cast;
  readonly #screen: Screen;

  constructor(cast: Cast, screen: Screen) {
    this.#cast = cast;
    this.#screen = screen;
    this.#begin();
  }

  /** Seconds into the recording. */
  get position(): number {
    return this.#position;
  }

  get duration(): number {
    return this.#cast.duration;
  }

  get over(): boolean {
    return this.#next >= this.#cast.events.length;
  }

  /** Time has passed; draws what came due. */
  advance(milliseconds: number) {
    let left = (milliseconds / 1_000) * this.speed;
    const from = this.#next;
    for (;;) {
      const wait = this.#wait();
      if (wait === undefined || wait > left) break;
      left -= wait;
      this.#position = this.#cast.events[this.#next]?.at ?? this.#position;
      this.#next += 1;
    }
    if (!this.over) this.#position += left;
    this.#draw(from, this.#next);
  }

  /** Goes to a moment. A screen cannot run backwards, so that going back draws everything again. */
  seek(seconds: number) {
    const to = Math.min(Math.max(seconds, 0), this.duration);
    if (to < this.#position) this.#begin();
    const from = this.#next;
    while (this.#due(to)) this.#next += 1;
    this.#position = to;
    this.#draw(from, this.#next);
  }

  #begin() {
    this.#position = 0;
    this.#next = 0;
    this.#screen.reset(this.#cast.head ?? smallest);
  }

  #due(to: number): boolean {
    const event = this.#cast.events[this.#next];
    return event !== undefined && event.at <= to;
  }

  /** Seconds until the next event, as it is played; nothing when there is none. */
  #wait(): number | undefined {
    const event = this.#cast.events[this.#next];
    if (event === undefined) return undefined;
    if (!this.skipIdle) return event.at - this.#position;
    const before = this.#cast.events[this.#next - 1]?.at ?? 0;
    return Math.max(0, Math.min(event.at, before + longestPause) - this.#position);
  }

  #draw(from: number, to: number) {
    drawEvents(this.#cast.events.slice(from, to), this.#screen);
  }
}

/** Draws events in order, with one write for all output between two changes of size. */
export function drawEvents(events: readonly CastEvent[], screen: Screen) {
  let output: string[] = [];
  function flush() {
    if (output.length > 0) screen.write(output.join(''));
    output = [];
  }
  for (const event of events) {
    const size = event.kind === 'r' ? sizeOf(event.data) : undefined;
    if (event.kind === 'o') output.push(event.data);
    if (!size) continue;
    flush();
    screen.resize(size);
  }
  flush();
}
