/** The link in the address, and what one browser session remembers of it. */
import { type Bytes, fromBase64url, toBase64url } from './bytes.ts';
import { erase, recall, remember } from './session.ts';

export interface Link {
  /** As in the path, 22 characters. */
  readonly name: string;
  readonly id: Bytes;
  readonly secret: Bytes;
}

export interface Grace {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function key(name: string, what: 'link' | 'grace' | 'ended'): string {
  return `sallyport ${what} ${name}`;
}

/** The id, else null: the last part of the path. */
export function nameIn(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return fromBase64url(name, 16) === null ? null : name;
}

/** The link secret from the fragment, else the one this session remembers. A fragment that is not whole is no secret. */
function secretOf(name: string, fragment: string): string | null {
  const written = fragment.replace(/^#/, '');
  return written === '' ? recall(key(name, 'link')) : written;
}

export function readLink(path: string, fragment: string): Link | null {
  const name = nameIn(path);
  if (name === null) return null;
  const id = fromBase64url(name, 16);
  const secret = fromBase64url(secretOf(name, fragment) ?? '', 32);
  return id === null || secret === null ? null : { name, id, secret };
}

export function rememberLink(link: Link): void {
  const secret = toBase64url(link.secret);
  if (recall(key(link.name, 'link')) !== secret) forget(link.name);
  erase(key(link.name, 'ended'));
  remember(key(link.name, 'link'), secret);
}

export function rememberGrace(link: Link, grace: Grace): void {
  remember(key(link.name, 'grace'), `${grace.until} ${grace.token}`);
}

export function graceOf(link: Link): Grace | null {
  const [until, token] = (recall(key(link.name, 'grace')) ?? '').split(' ');
  if (until === undefined || token === undefined || fromBase64url(token, 32) === null) return null;
  return { until: Number(until), token };
}

export function forgetGrace(link: Link): void {
  erase(key(link.name, 'grace'));
}

/** Only that it was here stays, so that a reload is not told that its link is incomplete. */
export function forget(name: string): void {
  erase(key(name, 'link'));
  erase(key(name, 'grace'));
  remember(key(name, 'ended'), 'yes');
}

export function hasEnded(path: string): boolean {
  return recall(key(nameIn(path) ?? '', 'ended')) !== null;
}
