/** What a message holds: docs/formats/message.md, section 2. */
import { type Bytes, fromUtf8, utf8, wipe } from './bytes.ts';
import { bad, type Decoded, decodeEach, good, hasExactly, isCount, isMembers } from './decoded.ts';
import { Damaged } from './segments.ts';

const mostHeaderBytes = 1024 * 1024;
const mostEntries = 100;
const mostBytes = 100 * 1024 * 1024;

export interface Field {
  readonly name: string;
  /** UTF-8; bytes, so that it can be wiped. */
  readonly value: Bytes;
  readonly secret: boolean;
}

interface FileEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

export interface Attachment extends FileEntry {
  /** Without a type: nothing that a browser would open by itself. */
  readonly data: Blob;
}

interface Header {
  readonly text: string;
  readonly fields: readonly Field[];
  readonly files: readonly FileEntry[];
}

export interface Content {
  readonly text: string;
  readonly fields: readonly Field[];
  readonly files: readonly Attachment[];
}

function decodeField(value: unknown): Decoded<Field> {
  if (!isMembers(value) || !hasExactly(value, ['name', 'value', 'secret'])) return bad('field members');
  const { name, value: text, secret } = value;
  if (typeof name !== 'string' || typeof text !== 'string' || typeof secret !== 'boolean')
    return bad('field types');
  return good({ name, value: utf8(text), secret });
}

function decodeFile(value: unknown): Decoded<FileEntry> {
  if (!isMembers(value) || !hasExactly(value, ['name', 'type', 'size'])) return bad('file members');
  const { name, type, size } = value;
  if (typeof name !== 'string' || typeof type !== 'string' || !isCount(size)) return bad('file types');
  return good({ name, type, size });
}

export function decodeHeader(value: unknown): Decoded<Header> {
  if (!isMembers(value) || !hasExactly(value, ['v', 'text', 'fields', 'files'])) return bad('members');
  const { v, text } = value;
  if (v !== 1) return bad('version');
  if (typeof text !== 'string') return bad('text');
  const fields = decodeEach(value['fields'], decodeField);
  if (!fields.ok) return fields;
  const files = decodeEach(value['files'], decodeFile);
  if (!files.ok) return files;
  const size = files.value.reduce((sum, file) => sum + file.size, 0);
  if (fields.value.length > mostEntries || files.value.length > mostEntries || size > mostBytes)
    return bad('limits');
  return good({ text, fields: fields.value, files: files.value });
}

function parseHeader(bytes: Bytes): Header {
  const text = fromUtf8(bytes);
  if (text === null) throw new Damaged('header is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Damaged('header is not JSON');
  }
  const header = decodeHeader(value);
  if (!header.ok) throw new Damaged(`header: ${header.problem}`);
  return header.value;
}

/** Hands out the plain bytes in the order they come, whatever the segments' bounds. */
class Plain {
  readonly #segments: AsyncIterator<Bytes>;
  #segment: Bytes = new Uint8Array(0);
  #at = 0;

  constructor(segments: AsyncIterable<Bytes>) {
    this.#segments = segments[Symbol.asyncIterator]();
  }

  /** Up to `most` bytes, valid until the next call; null at the end. */
  async some(most: number): Promise<Bytes | null> {
    while (this.#at === this.#segment.length) {
      wipe(this.#segment);
      const next = await this.#segments.next();
      if (next.done === true) return null;
      this.#segment = next.value;
      this.#at = 0;
    }
    const part = this.#segment.subarray(this.#at, this.#at + most);
    this.#at += part.length;
    return part;
  }

  /** Gives `size` bytes to `take`, in parts. */
  async each(size: number, take: (part: Bytes) => void): Promise<void> {
    for (let left = size; left > 0; ) {
      const part = await this.some(left);
      if (part === null) throw new Damaged('content too short');
      take(part);
      left -= part.length;
    }
  }

  async exactly(size: number): Promise<Bytes> {
    const whole = new Uint8Array(size);
    let at = 0;
    await this.each(size, (part) => {
      whole.set(part, at);
      at += part.length;
    });
    return whole;
  }
}

async function readHeader(plain: Plain): Promise<Header> {
  const size = new DataView((await plain.exactly(4)).buffer).getUint32(0);
  if (size > mostHeaderBytes) throw new Damaged('header too long');
  const bytes = await plain.exactly(size);
  try {
    return parseHeader(bytes);
  } finally {
    wipe(bytes);
  }
}

async function readFile(plain: Plain, entry: FileEntry): Promise<Attachment> {
  const parts: Blob[] = [];
  await plain.each(entry.size, (part) => parts.push(new Blob([part])));
  return { ...entry, data: new Blob(parts) };
}

async function checkPadding(plain: Plain): Promise<void> {
  for (let part = await plain.some(Infinity); part !== null; part = await plain.some(Infinity)) {
    if (part.some((byte) => byte !== 0)) throw new Damaged('padding');
  }
}

/** The whole content, given only when every segment's tag held and the padding is zero. */
export async function readContent(segments: AsyncIterable<Bytes>): Promise<Content> {
  const plain = new Plain(segments);
  const header = await readHeader(plain);
  const files: Attachment[] = [];
  for (const entry of header.files) files.push(await readFile(plain, entry));
  await checkPadding(plain);
  return { text: header.text, fields: header.fields, files };
}
