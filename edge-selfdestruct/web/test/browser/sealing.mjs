// Seals messages as docs/formats/message.md says, for tests: on node's own cryptography, and sharing no code with the page.
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { argon2id } from 'hash-wasm';

const segment = 65536;

const extract = (salt, ikm) => createHmac('sha256', salt).update(ikm).digest();
const expand = (key, info) => createHmac('sha256', key).update(info).update(Uint8Array.of(1)).digest();
export const sha256 = (data) => createHash('sha256').update(data).digest('base64url');

function padded(size) {
  if (size <= 1792) return 1792;
  const e = Math.floor(Math.log2(size));
  const unit = 2 ** (e - Math.floor(Math.log2(e)) - 1);
  return Math.ceil(size / unit) * unit;
}

function plainOf({ text = '', fields = [], files = [] }) {
  const list = files.map(({ name, type, data }) => ({ name, type, size: data.length }));
  const header = Buffer.from(JSON.stringify({ v: 1, text, fields, files: list }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(header.length);
  const filled = Buffer.concat([size, header, ...files.map((file) => file.data)]);
  return Buffer.concat([filled, Buffer.alloc(padded(filled.length) - filled.length)]);
}

function sealPart(key, id, number, last, part) {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(number));
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([Buffer.alloc(4), place]));
  cipher.setAAD(Buffer.concat([Buffer.from('sallyport message v1'), id, place, Buffer.of(last ? 1 : 0)]));
  return Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]);
}

function seal(key, id, plain) {
  const count = Math.ceil(plain.length / segment);
  const parts = Array.from({ length: count }, (_, i) =>
    sealPart(key, id, i, i === count - 1, plain.subarray(i * segment, (i + 1) * segment)),
  );
  return Buffer.concat(parts);
}

async function stretchedBy(passphrase, salt, memory_kib, passes) {
  return Buffer.from(
    await argon2id({
      password: Buffer.from(passphrase.normalize('NFC')),
      salt,
      memorySize: memory_kib,
      iterations: passes,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    }),
  );
}

/** {id, secret} for the link, and `held`: all that a portal has of it. */
export async function sealMessage(content, { passphrase = null, memory_kib = 65536, passes = 3 } = {}) {
  const [id, secret, salt] = [randomBytes(16), randomBytes(32), randomBytes(16)];
  const p = passphrase === null ? Buffer.alloc(0) : await stretchedBy(passphrase, salt, memory_kib, passes);
  const inner = extract(id, Buffer.concat([secret, p]));
  return {
    id: id.toString('base64url'),
    secret: secret.toString('base64url'),
    held: {
      linkProof: sha256(expand(extract(id, secret), 'sallyport message v1 link proof')),
      passProof: passphrase === null ? null : sha256(expand(inner, 'sallyport message v1 passphrase proof')),
      passphrase: passphrase === null ? null : { salt: salt.toString('base64url'), memory_kib, passes },
      sealed: seal(expand(inner, 'sallyport message v1 content'), id, plainOf(content)),
    },
  };
}
