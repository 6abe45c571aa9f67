/** What a file is called and whether it may be previewed. Nothing of what the sender claims is trusted. */
import type { Bytes } from './bytes.ts';
import { fromUtf8 } from './bytes.ts';
import type { Attachment } from './content.ts';

export type Preview =
  | { readonly kind: 'picture'; readonly data: Blob }
  | { readonly kind: 'text'; readonly text: string };

const mostPictureBytes = 20 * 1024 * 1024;
const mostTextBytes = 256 * 1024;

/** Control characters, and those that turn the direction of writing: they make "exe.gpj" look like a picture. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The last path component, without characters that hide or turn what follows. */
export function safeName(name: string): string {
  const last = name.replace(unseen, '').split(/[/\\]/).at(-1)?.trim() ?? '';
  return /^\.*$/.test(last) ? 'file' : last;
}

/** How they begin, in hex. */
const pictures: readonly { readonly type: string; readonly starts: RegExp }[] = [
  { type: 'image/png', starts: /^89504e470d0a1a0a/ },
  { type: 'image/jpeg', starts: /^ffd8ff/ },
  { type: 'image/gif', starts: /^474946383[79]61/ },
  { type: 'image/webp', starts: /^52494646.{8}57454250/ },
];

/** The type by the first bytes alone; null for all that is not one of four kinds of raster picture. */
export function pictureType(first: Bytes): string | null {
  const start = Array.from(first.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return pictures.find((picture) => picture.starts.test(start))?.type ?? null;
}

function isTextName(name: string): boolean {
  return /\.(txt|text|log|csv|md|conf|cfg|ini|pem|crt|pub)$/i.test(name);
}

async function bytesOf(data: Blob): Promise<Bytes> {
  return new Uint8Array(await data.arrayBuffer());
}

async function textOf(file: Attachment): Promise<Preview | null> {
  if (!isTextName(safeName(file.name)) || file.size > mostTextBytes) return null;
  const text = fromUtf8(await bytesOf(file.data));
  return text === null || text.includes('\0') ? null : { kind: 'text', text };
}

/** What can be shown of it without anything in it coming alive; null for all else. */
export async function previewOf(file: Attachment): Promise<Preview | null> {
  if (file.size === 0) return null;
  const type = pictureType(await bytesOf(file.data.slice(0, 16)));
  if (type === null) return textOf(file);
  return file.size > mostPictureBytes ? null : { kind: 'picture', data: file.data.slice(0, file.size, type) };
}
