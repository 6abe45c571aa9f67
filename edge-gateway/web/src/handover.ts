/** A second ticket link becomes a tab of the window that has terminals already, if it answers at once. */
import type { Start } from './connection.ts';
import { readTicket } from './link.ts';

const patience = 150;

function field(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = new Map<string, unknown>(Object.entries(value)).get(name);
  return typeof found === 'string' ? found : null;
}

export class Handover {
  readonly #channel = new BroadcastChannel('sallyport terminal');

  /** True when another window took the ticket. The secret is sent to that one window, after it answered. */
  offer(ticket: Start): Promise<boolean> {
    if (ticket.kind !== 'ticket') return Promise.resolve(false);
    const offer = crypto.randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(false), patience);
      const finish = (taken: boolean) => {
        clearTimeout(timer);
        this.#channel.onmessage = null;
        resolve(taken);
      };
      this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        const taker = field(data, 'taker');
        if (field(data, 'take') !== offer || taker === null) return;
        this.#channel.postMessage({ to: taker, ticket: `${ticket.id}.${ticket.secret}` });
        finish(true);
      };
      this.#channel.postMessage({ offer });
    });
  }

  /** From now on this window takes tickets of others, while `isOpen`. */
  receive(isOpen: () => boolean, take: (ticket: Start) => void): void {
    const taker = crypto.randomUUID();
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const offer = field(data, 'offer');
      if (offer !== null && isOpen()) this.#channel.postMessage({ take: offer, taker });
      const ticket = field(data, 'to') === taker ? readTicket(field(data, 'ticket') ?? '') : null;
      if (ticket !== null) take(ticket);
    };
  }
}
