/** The portal's calls: docs/formats/message.md, section 3. All `fetch` goes through `call`. */
import { type Bytes, fromBase64url, toBase64url } from './bytes.ts';
import { bad, type Decoded, good, instant, isCount, isMembers } from './decoded.ts';
import type { Grace, Link } from './link.ts';
import { isAcceptable, type Stretching } from './passphrase.ts';

export interface Status {
  readonly viewsLeft: number;
  readonly views: number;
  /** Milliseconds since 1970, as all times here. */
  readonly expiresAt: number;
  readonly sender: string | null;
  readonly passphrase: Stretching | null;
  readonly attemptsLeft: number;
  readonly size: number;
  readonly graceUntil: number | null;
}

export interface Sealed {
  readonly chunks: AsyncIterable<Bytes>;
  readonly size: number;
  readonly grace: Grace | null;
}

export type Refusal =
  | { readonly kind: 'gone' }
  | { readonly kind: 'wrong_passphrase'; readonly attemptsLeft: number }
  | { readonly kind: 'too_many'; readonly seconds: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unreachable' };

export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refusal;

type Call = 'status' | 'reveal' | 'saved' | 'destroy';

const mostSilence = 30_000;

/** How far the portal's clock is ahead of ours, in milliseconds, as of its last answer. */
let ahead = 0;

export function portalNow(): number {
  return Date.now() + ahead;
}

function learnTime(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (!Number.isNaN(date) && Math.abs(date - Date.now()) > 2000) ahead = date - Date.now();
}

const fixed = {
  cache: 'no-store',
  credentials: 'omit',
  mode: 'same-origin',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
} as const;

/** Gives up when nothing came for a while: a lost network often says nothing. */
class Patience {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly signal = this.#controller.signal;

  constructor() {
    this.renew();
  }

  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), mostSilence);
  }
}

interface Answered {
  readonly response: Response;
  readonly patience: Patience;
}

function ask(link: Link, call: Call, proofs: Proofs, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ 'Content-Type': 'application/json' });
  if (proofs.grace !== null) headers.set('Sallyport-Grace', proofs.grace.token);
  const body = JSON.stringify(bodyOf(call, proofs));
  return fetch(`../api/v1/messages/${link.name}/${call}`, {
    ...fixed,
    method: 'POST',
    headers,
    body,
    signal,
  });
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

async function refusal(response: Response): Promise<Refusal> {
  switch (response.status) {
    case 404:
      return { kind: 'gone' };
    case 403: {
      const problem = await json(response);
      const left = isMembers(problem) ? problem['attempts_left'] : null;
      return { kind: 'wrong_passphrase', attemptsLeft: isCount(left) ? left : 0 };
    }
    case 429: {
      const seconds = Number(response.headers.get('Retry-After'));
      return { kind: 'too_many', seconds: seconds > 0 ? Math.min(Math.ceil(seconds), 3600) : 30 };
    }
    default:
      return { kind: 'unavailable' };
  }
}

export interface Proofs {
  readonly linkProof: Bytes;
  readonly passProof: Bytes | null;
  readonly grace: Grace | null;
}

/** `status` and `saved` take the link's proof alone. */
function bodyOf(call: Call, proofs: Proofs): Record<string, string> {
  const link_proof = toBase64url(proofs.linkProof);
  const withPass = call === 'reveal' || call === 'destroy';
  return !withPass || proofs.passProof === null
    ? { link_proof }
    : { link_proof, pass_proof: toBase64url(proofs.passProof) };
}

async function call(link: Link, name: Call, proofs: Proofs): Promise<Answer<Answered>> {
  try {
    const patience = new Patience();
    const response = await ask(link, name, proofs, patience.signal);
    patience.renew();
    learnTime(response);
    return response.ok ? { kind: 'ok', value: { response, patience } } : await refusal(response);
  } catch {
    return { kind: 'unreachable' };
  }
}

function decodeStretching(value: unknown): Decoded<Stretching | null> {
  if (value === null) return good(null);
  if (!isMembers(value)) return bad('passphrase');
  const { salt, memory_kib: memoryKib, passes } = value;
  const bytes = typeof salt === 'string' ? fromBase64url(salt, 16) : null;
  if (bytes === null || !isCount(memoryKib) || !isCount(passes)) return bad('passphrase');
  return isAcceptable(memoryKib, passes) ? good({ salt: bytes, memoryKib, passes }) : bad('argon2 settings');
}

export function decodeStatus(value: unknown): Decoded<Status> {
  if (!isMembers(value)) return bad('not an object');
  const { views_left: viewsLeft, views, sender, attempts_left: attemptsLeft, size } = value;
  const expiresAt = instant(value['expires_at']);
  const passphrase = decodeStretching(value['passphrase']);
  if (!passphrase.ok) return passphrase;
  if (!isCount(viewsLeft) || !isCount(views) || !isCount(size) || expiresAt === null) return bad('numbers');
  if (sender !== null && typeof sender !== 'string') return bad('sender');
  return good({
    viewsLeft,
    views,
    expiresAt,
    sender,
    passphrase: passphrase.value,
    attemptsLeft: isCount(attemptsLeft) ? attemptsLeft : 0,
    size,
    graceUntil: instant(value['grace_until']),
  });
}

export async function status(link: Link, proofs: Proofs): Promise<Answer<Status>> {
  const answer = await call(link, 'status', proofs);
  if (answer.kind !== 'ok') return answer;
  const decoded = decodeStatus(await json(answer.value.response));
  return decoded.ok ? { kind: 'ok', value: decoded.value } : { kind: 'unavailable' };
}

/** The stream broke before all of it was here. */
export class Interrupted extends Error {}

async function* chunksOf(
  body: ReadableStream<Bytes>,
  size: number,
  patience: Patience,
): AsyncGenerator<Bytes> {
  const reader = body.getReader();
  let received = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      patience.renew();
      received += next.value.length;
      yield next.value;
    }
  } catch {
    throw new Interrupted();
  } finally {
    reader.cancel().catch(() => undefined);
  }
  if (received < size) throw new Interrupted();
}

function graceIn(headers: Headers): Grace | null {
  const token = headers.get('Sallyport-Grace');
  const until = instant(headers.get('Sallyport-Grace-Until'));
  return token === null || until === null || fromBase64url(token, 32) === null ? null : { token, until };
}

export async function reveal(link: Link, proofs: Proofs): Promise<Answer<Sealed>> {
  const answer = await call(link, 'reveal', proofs);
  if (answer.kind !== 'ok') return answer;
  const { headers, body } = answer.value.response;
  const size = Number(headers.get('Content-Length') ?? 0);
  if (body === null) return { kind: 'unreachable' };
  return {
    kind: 'ok',
    value: { chunks: chunksOf(body, size, answer.value.patience), size, grace: graceIn(headers) },
  };
}

/** `saved` ends this browser's grace, `destroy` the message. */
export async function end(link: Link, how: 'saved' | 'destroy', proofs: Proofs): Promise<Answer<null>> {
  const answer = await call(link, how, proofs);
  return answer.kind === 'ok' ? { kind: 'ok', value: null } : answer;
}

/** What the core's administrator set; null where it could not be had. */
export async function branding(): Promise<unknown> {
  try {
    const response = await fetch('../api/v1/branding', fixed);
    return response.ok ? await json(response) : null;
  } catch {
    return null;
  }
}
