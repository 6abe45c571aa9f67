/** One event of a stream (HTML, section 9.2 "Server-sent events"): its name, and its data. */
export type ServerEvent = { name: string; data: string };

/** Reads server-sent events from pieces that are cut anywhere. */
export class ServerEvents {
  #rest = '';
  #name = '';
  #data: string[] = [];

  add(piece: string): ServerEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerEvent[] {
    if (line === '') return this.#dispatch();
    const [field, ...rest] = line.split(':');
    const value = rest.join(':').replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    return [];
  }

  /** An empty line ends an event; one without data, such as a sign of life, is none. */
  #dispatch(): ServerEvent[] {
    const event = { name: this.#name || 'message', data: this.#data.join('\n') };
    const some = this.#data.length > 0;
    this.#name = '';
    this.#data = [];
    return some ? [event] : [];
  }
}
