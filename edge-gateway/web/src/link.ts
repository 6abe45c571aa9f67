/** The ticket in the address: docs/formats/ticket.md, section 1. */
import { isBase64url } from './bytes.ts';
import type { Start } from './connection.ts';

/** The ticket of a fragment `#<id>.<S>`, else null. */
export function readTicket(fragment: string): Start | null {
  const [id, secret, ...rest] = fragment.replace(/^#/, '').split('.');
  if (id === undefined || secret === undefined || rest.length > 0) return null;
  return isBase64url(id, 16) && isBase64url(secret, 32) ? { kind: 'ticket', id, secret } : null;
}

/** Reads the ticket once and takes it out of the address and the history. */
export function takeTicket(): Start | null {
  const ticket = readTicket(window.location.hash);
  if (window.location.hash !== '')
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
  return ticket;
}

const key = 'sallyport sessions';

/** What a reload needs, kept only from the moment the page goes until it is back. */
export function keepForReload(starts: readonly Start[]): void {
  try {
    if (starts.length > 0) window.sessionStorage.setItem(key, JSON.stringify(starts));
  } catch {
    // This browser keeps nothing: a reload ends the sessions after 60 s.
  }
}

function isStart(value: unknown): value is Start {
  if (typeof value !== 'object' || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  const seen = found.get('seen');
  return (
    found.get('kind') === 'resume' &&
    typeof found.get('session') === 'string' &&
    typeof found.get('resume') === 'string' &&
    typeof seen === 'number' &&
    Number.isSafeInteger(seen)
  );
}

export function takeKept(): readonly Start[] {
  try {
    const written = window.sessionStorage.getItem(key);
    window.sessionStorage.removeItem(key);
    const value: unknown = JSON.parse(written ?? '[]');
    return Array.isArray(value) ? value.filter(isStart) : [];
  } catch {
    return [];
  }
}
