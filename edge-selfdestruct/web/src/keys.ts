/** The keys of a message: docs/formats/message.md, section 1. */
import { type Bytes, concat, utf8, wipe } from './bytes.ts';

export interface ContentKeys {
  readonly passProof: Bytes;
  readonly contentKey: CryptoKey;
}

function keyMaterial(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits', 'deriveKey']);
}

function hkdf(id: Bytes, info: string): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt: id, info: utf8(info) };
}

async function expand(material: CryptoKey, id: Bytes, info: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(id, info), material, 256));
}

/** What shows the portal that we hold the link; it says nothing about the content key. */
export async function linkProof(id: Bytes, linkSecret: Bytes): Promise<Bytes> {
  return expand(await keyMaterial(linkSecret), id, 'sallyport message v1 link proof');
}

/** `stretched` is P, the 32 bytes that Argon2id made of the passphrase; null where there is none. */
export async function contentKeys(
  id: Bytes,
  linkSecret: Bytes,
  stretched: Bytes | null,
): Promise<ContentKeys> {
  const together = stretched === null ? concat(linkSecret) : concat(linkSecret, stretched);
  const inner = await keyMaterial(together);
  wipe(together);
  const contentKey = await crypto.subtle.deriveKey(
    hkdf(id, 'sallyport message v1 content'),
    inner,
    { name: 'AES-GCM', length: 256 },
    false,
    ['decrypt'],
  );
  return { passProof: await expand(inner, id, 'sallyport message v1 passphrase proof'), contentKey };
}
