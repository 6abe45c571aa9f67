/** One recipient and one link: what was learnt, what is shown, and what each press does. */
import * as api from './api.ts';
import { type Bytes, wipe } from './bytes.ts';
import { type Content, readContent } from './content.ts';
import { type ContentKeys, contentKeys, linkProof } from './keys.ts';
import { forget, forgetGrace, graceOf, type Link, rememberGrace } from './link.ts';
import { discard, prepare, stretch } from './passphrase.ts';
import { Damaged, openSegments } from './segments.ts';
import { type Shown, staysFor } from './view/message.ts';
import type { Ending, Step } from './view/plain.ts';
import type { Notice, Ready } from './view/ready.ts';

export type Screen =
  | { readonly kind: 'working'; readonly step: Step }
  | { readonly kind: 'unreachable'; readonly notice: Notice }
  | { readonly kind: 'ready'; readonly ready: Ready }
  | { readonly kind: 'interrupted'; readonly until: number | null }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'message'; readonly shown: Shown }
  | { readonly kind: 'ended'; readonly ending: Ending };

/** In milliseconds: what an answer needs to be on the safe side of the end of the grace. */
const graceMargin = 1000;

const starting: Screen = { kind: 'working', step: { kind: 'starting' } };

function noticeOf(refusal: api.Refusal): Notice | null {
  switch (refusal.kind) {
    case 'too_many':
      return { kind: 'too_many', until: Date.now() + refusal.seconds * 1000 };
    case 'wrong_passphrase':
      return { kind: 'passphrase_wrong', attemptsLeft: refusal.attemptsLeft };
    case 'unavailable':
    case 'unreachable':
      return { kind: refusal.kind };
    case 'gone':
      return null;
    default:
      return refusal satisfies never;
  }
}

export class Recipient {
  readonly #link: Link;
  readonly #show: (screen: Screen) => void;
  #linkProof: Bytes | null = null;
  #keys: ContentKeys | null = null;
  #status: api.Status | null = null;
  #shown: Shown | null = null;

  constructor(link: Link, show: (screen: Screen) => void) {
    this.#link = link;
    this.#show = show;
  }

  /** Asks what is left; this counts nothing. */
  async look(): Promise<void> {
    this.#show(starting);
    this.#linkProof ??= await linkProof(this.#link.id, this.#link.secret);
    const answer = await api.status(this.#link, this.#proofs());
    if (answer.kind === 'gone') return this.#end({ kind: 'gone' });
    if (answer.kind !== 'ok') return this.#unreachable(noticeOf(answer) ?? { kind: 'unavailable' });
    this.#learn(answer.value);
    this.#ready(answer.value, null);
  }

  async reveal(passphrase: string): Promise<void> {
    const status = this.#status;
    if (status === null) return this.look();
    if (status.passphrase !== null && passphrase === '')
      return this.#ready(status, { kind: 'passphrase_missing' });
    const keys = await this.#derive(status, passphrase);
    if (keys === null) return this.#ready(status, { kind: 'no_argon2' });
    this.#forgetKeys();
    this.#keys = keys;
    await this.fetch();
  }

  /** Claims a view, or fetches the same one again within the grace. A grace that is over would claim another: look first. */
  async fetch(): Promise<void> {
    const held = graceOf(this.#link);
    if (held !== null && held.until - api.portalNow() < graceMargin) return this.look();
    this.#show({ kind: 'working', step: { kind: 'claiming' } });
    const answer = await api.reveal(this.#link, this.#proofs());
    if (answer.kind !== 'ok') return this.#refused(answer);
    const grace = answer.value.grace ?? held;
    if (answer.value.grace !== null) rememberGrace(this.#link, answer.value.grace);
    await this.#receive(answer.value, grace?.until ?? null, held === null);
  }

  async saved(): Promise<void> {
    const shown = this.#shown;
    if (shown === null) return;
    if (graceOf(this.#link) !== null) {
      const answer = await api.end(this.#link, 'saved', this.#proofs());
      if (answer.kind !== 'ok' && answer.kind !== 'gone') return this.#notReached(shown);
    }
    forgetGrace(this.#link);
    this.#close('saved', shown, false);
  }

  async destroy(): Promise<void> {
    const shown = this.#shown;
    if (shown === null) return;
    const answer = await api.end(this.#link, 'destroy', this.#proofs());
    if (answer.kind !== 'ok' && answer.kind !== 'gone') return this.#notReached(shown);
    this.#end({ kind: 'destroyed' });
  }

  /** Its time on this page is over. */
  clear(): void {
    const shown = this.#shown;
    if (shown === null) return;
    this.#close('timed_out', shown, shown.graceUntil !== null && shown.graceUntil > api.portalNow());
  }

  /** Forgets all that can be forgotten; the page is going away, the session stays for a reload. */
  leave(): void {
    this.#wipeContent();
    this.#forgetKeys();
    wipe(this.#link.secret);
    discard();
  }

  #proofs(): api.Proofs {
    const grace = graceOf(this.#link);
    return {
      linkProof: this.#linkProof ?? new Uint8Array(0),
      passProof: this.#keys?.passProof ?? null,
      grace,
    };
  }

  #learn(status: api.Status): void {
    this.#status = status;
    if (status.graceUntil === null) forgetGrace(this.#link);
    if (status.passphrase !== null) prepare();
  }

  async #derive(status: api.Status, passphrase: string): Promise<ContentKeys | null> {
    const { id, secret } = this.#link;
    if (status.passphrase === null) return contentKeys(id, secret, null);
    this.#show({ kind: 'working', step: { kind: 'stretching' } });
    try {
      const stretched = await stretch(passphrase, status.passphrase);
      const keys = await contentKeys(id, secret, stretched);
      wipe(stretched);
      return keys;
    } catch {
      return null;
    }
  }

  async #receive(sealed: api.Sealed, graceUntil: number | null, claimed: boolean): Promise<void> {
    const keys = this.#keys;
    if (keys === null) return;
    try {
      const chunks = this.#counted(sealed);
      const content = await readContent(openSegments(chunks, keys.contentKey, this.#link.id));
      this.#showMessage(content, graceUntil, claimed);
    } catch (problem) {
      if (problem instanceof Damaged) return this.#damaged();
      this.#show({ kind: 'interrupted', until: graceUntil });
    }
  }

  #damaged(): void {
    this.#forgetKeys();
    this.#show({ kind: 'damaged' });
  }

  async *#counted(sealed: api.Sealed): AsyncGenerator<Bytes> {
    let received = 0;
    for await (const chunk of sealed.chunks) {
      received += chunk.length;
      this.#show({ kind: 'working', step: { kind: 'receiving', received, size: sealed.size } });
      yield chunk;
    }
  }

  #showMessage(content: Content, graceUntil: number | null, claimed: boolean): void {
    const status = this.#status;
    const viewsLeft = Math.max(0, (status?.viewsLeft ?? 0) - (claimed ? 1 : 0));
    const clearsAt = Date.now() + staysFor;
    this.#shown = {
      content,
      viewsLeft,
      expiresAt: status?.expiresAt ?? 0,
      graceUntil,
      clearsAt,
      notReached: false,
    };
    if (viewsLeft === 0 && graceUntil === null) forget(this.#link.name);
    this.#show({ kind: 'message', shown: this.#shown });
  }

  #refused(refusal: api.Refusal): void {
    const status = this.#status;
    if (refusal.kind === 'gone') return this.#end({ kind: 'gone' });
    if (refusal.kind === 'wrong_passphrase' && refusal.attemptsLeft === 0)
      return this.#end({ kind: 'burnt' });
    const notice = noticeOf(refusal) ?? { kind: 'unavailable' };
    if (status === null) return this.#unreachable(notice);
    const attemptsLeft = refusal.kind === 'wrong_passphrase' ? refusal.attemptsLeft : status.attemptsLeft;
    this.#ready({ ...status, attemptsLeft }, notice);
  }

  #ready(status: api.Status, notice: Notice | null): void {
    this.#status = status;
    this.#show({ kind: 'ready', ready: { status, notice } });
  }

  #unreachable(notice: Notice): void {
    this.#show({ kind: 'unreachable', notice });
  }

  #notReached(shown: Shown): void {
    shown.notReached = true;
    this.#show({ kind: 'message', shown });
  }

  #close(kind: 'saved' | 'timed_out', shown: Shown, grace: boolean): void {
    const { viewsLeft, expiresAt } = shown;
    this.#wipeContent();
    this.#forgetKeys();
    if (viewsLeft === 0 && !grace) this.#forgetLink();
    this.#show({ kind: 'ended', ending: { kind, viewsLeft, expiresAt, grace } });
  }

  #end(ending: Ending): void {
    this.#wipeContent();
    this.#forgetKeys();
    this.#forgetLink();
    this.#show({ kind: 'ended', ending });
  }

  #wipeContent(): void {
    for (const field of this.#shown?.content.fields ?? []) wipe(field.value);
    this.#shown = null;
  }

  #forgetKeys(): void {
    wipe(this.#keys?.passProof ?? null);
    this.#keys = null;
  }

  #forgetLink(): void {
    forget(this.#link.name);
    wipe(this.#link.secret, this.#linkProof);
    this.#linkProof = null;
  }
}
