/** Frames of docs/formats/session.md, section 3. */

export type Bytes = Uint8Array<ArrayBuffer>;

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function isBase64url(text: string, size: number): boolean {
  return text.length === Math.ceil((size * 4) / 3) && /^[A-Za-z0-9_-]*$/.test(text);
}

export type Frame =
  | { readonly kind: 'output'; readonly offset: number; readonly data: Bytes }
  | { readonly kind: 'download'; readonly request: number; readonly data: Bytes };

/** A binary message of the gateway, else null. */
export function decodeFrame(buffer: ArrayBuffer): Frame | null {
  const view = new DataView(buffer);
  if (buffer.byteLength >= 9 && view.getUint8(0) === 0) {
    const offset = Number(view.getBigUint64(1));
    return Number.isSafeInteger(offset) ? { kind: 'output', offset, data: new Uint8Array(buffer, 9) } : null;
  }
  if (buffer.byteLength >= 5 && view.getUint8(0) === 1)
    return { kind: 'download', request: view.getUint32(1), data: new Uint8Array(buffer, 5) };
  return null;
}

/** A message to the gateway may have 64 KiB, with its head. */
export const mostInput = 32 * 1024;

/** Keys or pasted text, in as many messages as they need. */
export function inputFrames(data: Bytes): readonly Bytes[] {
  const frames: Bytes[] = [];
  for (let at = 0; at < data.length; at += mostInput) {
    const part = data.subarray(at, at + mostInput);
    const frame = new Uint8Array(1 + part.length);
    frame.set(part, 1);
    frames.push(frame);
  }
  return frames;
}

export function uploadFrame(request: number, data: Bytes): Bytes {
  const frame = new Uint8Array(5 + data.length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, request);
  frame.set(data, 5);
  return frame;
}
