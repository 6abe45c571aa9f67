/** The sealed content, opened piece by piece as it arrives: docs/formats/message.md, section 2. */
import { type Bytes, concat, utf8 } from './bytes.ts';

export const segmentSize = 65_536;
export const tagSize = 16;

/** What arrived is not what the sender sealed. */
export class Damaged extends Error {}

interface Piece {
  readonly sealed: Bytes;
  readonly last: boolean;
}

/** Pieces of `size` bytes; the last one is what is left, so a piece is given only once a byte follows it. */
async function* cut(chunks: AsyncIterable<Bytes>, size: number): AsyncGenerator<Piece> {
  let held = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { sealed: held, last: false };
        held = new Uint8Array(size);
        filled = 0;
      }
      const count = Math.min(size - filled, chunk.length - at);
      held.set(chunk.subarray(at, at + count), filled);
      filled += count;
      at += count;
    }
  }
  yield { sealed: held.subarray(0, filled), last: true };
}

function bigEndian64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function gcm(id: Bytes, number: number, last: boolean): AesGcmParams {
  const place = bigEndian64(number);
  return {
    name: 'AES-GCM',
    iv: concat(new Uint8Array(4), place),
    additionalData: concat(utf8('sallyport message v1'), id, place, Uint8Array.of(last ? 1 : 0)),
  };
}

async function openPiece(piece: Piece, key: CryptoKey, id: Bytes, number: number): Promise<Bytes> {
  if (piece.sealed.length <= tagSize) throw new Damaged('segment too short');
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(id, number, piece.last), key, piece.sealed));
  } catch {
    throw new Damaged('segment tag');
  }
}

/** The plain segments, each after its tag held. Throws `Damaged`, or what `chunks` throws. */
export async function* openSegments(
  chunks: AsyncIterable<Bytes>,
  key: CryptoKey,
  id: Bytes,
): AsyncGenerator<Bytes> {
  let number = 0;
  for await (const piece of cut(chunks, segmentSize + tagSize)) {
    yield await openPiece(piece, key, id, number);
    number += 1;
  }
}
