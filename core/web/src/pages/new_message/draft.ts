import { useSyncExternalStore } from 'react';
import type { Schemas } from '~/api/client';

export type DraftField = { key: number; name: string; value: string; secret: boolean };

export type DraftFile = {
  key: number;
  file: File;
  state: 'uploading' | 'uploaded' | 'failed';
  /** Bytes that have left. */
  sent: number;
  uploadId?: string;
  problem?: string;
};

export type Protection = 'words' | 'typed' | 'none';
export type Language = Schemas['ComposeOptions']['languages'][number];

/** What the wizard holds. Numbers stay as they were typed until they are checked. */
export type Draft = {
  text: string;
  fields: readonly DraftField[];
  files: readonly DraftFile[];
  life: string;
  lifeTyped: boolean;
  views: string;
  viewsTyped: boolean;
  site: string;
  to: string;
  toName: string;
  language: Language;
  subject: string;
  /** The text of the mail; null is the template's. */
  body: string | null;
  protection: Protection;
  words: string;
  typed: string;
  attempts: string;
  grace: string;
  showSender: boolean;
  notify: boolean;
};

/** What is shown once after sending. */
export type Sent = { id: string; url: string; expiresAt: string; to: string; passphrase: string | null };

type Held = {
  draft: Draft | null;
  sent: Sent | null;
  /** Entries that differ from an untouched draft: leaving would lose something. */
  touched: boolean;
  /** Sent with the message, so that pressing twice, or again after a lost answer, sends it once. */
  idempotencyKey: string;
};

// Kept outside the page, so that a session that ends while somebody writes costs nothing. In memory only.
let held: Held = empty();
const watchers = new Set<() => void>();

function empty(): Held {
  return { draft: null, sent: null, touched: false, idempotencyKey: '' };
}

function hold(next: Held) {
  held = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useHeld(): Held {
  return useSyncExternalStore(watch, () => held);
}

export function freshDraft(options: Schemas['ComposeOptions'], site: string): Draft {
  return {
    text: '',
    fields: [],
    files: [],
    life: options.limits.default_life,
    lifeTyped: false,
    views: String(options.limits.default_views),
    viewsTyped: false,
    site,
    to: '',
    toName: '',
    language: options.languages[0] ?? 'en',
    subject: '',
    body: null,
    protection: 'words',
    words: '',
    typed: '',
    attempts: String(options.attempts),
    grace: options.grace,
    showSender: true,
    notify: true,
  };
}

export function beginDraft(draft: Draft) {
  hold({ draft, sent: null, touched: false, idempotencyKey: crypto.randomUUID() });
}

/** Something was entered. */
export function changeDraft(change: Partial<Draft>) {
  if (!held.draft) return;
  hold({ ...held, draft: { ...held.draft, ...change }, touched: true, idempotencyKey: crypto.randomUUID() });
}

/** Something was filled in by us, which is no loss. */
export function completeDraft(change: Partial<Draft>) {
  if (held.draft) hold({ ...held, draft: { ...held.draft, ...change } });
}

export function changeFile(key: number, change: Partial<DraftFile>) {
  const files = held.draft?.files.map((file) => (file.key === key ? { ...file, ...change } : file));
  if (files) changeDraft({ files });
}

export function heldFile(key: number): DraftFile | undefined {
  return held.draft?.files.find((file) => file.key === key);
}

/** The message is out: what was written goes, what is shown once stays until the page is left. */
export function keepSent(sent: Sent) {
  hold({ ...empty(), sent });
}

export function forgetDraft() {
  hold(empty());
}

let lastKey = 0;

/** A key for a row that can be removed from the middle. */
export function nextKey(): number {
  lastKey += 1;
  return lastKey;
}
