// Reads what another implementation of docs/formats/message.md wrote.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { argon2id } from 'hash-wasm';
import { type Bytes, concat, fromBase64url, fromUtf8, toBase64url } from '../../src/bytes.ts';
import { type Content, readContent } from '../../src/content.ts';
import { type ContentKeys, contentKeys, linkProof } from '../../src/keys.ts';
import { normalised } from '../../src/passphrase.ts';
import { Damaged, openSegments } from '../../src/segments.ts';

declare const REPOSITORY: string;

interface Vector {
  name: string;
  id: string;
  link_secret: string;
  passphrase: string | null;
  salt: string | null;
  memory_kib: number;
  passes: number;
  link_proof: string;
  pass_proof: string;
  content: {
    text: string;
    fields: { name: string; value: string; secret: boolean }[];
    files: { name: string }[];
  };
  files: string[];
  sealed: string;
}

const path = `${REPOSITORY}core/messages/testdata/message-v1.json`;
const vectors: Vector[] = JSON.parse(readFileSync(path, 'utf8')).tests;

function bytes(text: string): Bytes {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}

async function stretched(vector: Vector): Promise<Bytes | null> {
  if (vector.passphrase === null || vector.salt === null) return null;
  const made = await argon2id({
    password: normalised(vector.passphrase),
    salt: bytes(vector.salt),
    memorySize: vector.memory_kib,
    iterations: vector.passes,
    parallelism: 1,
    hashLength: 32,
    outputType: 'binary',
  });
  return new Uint8Array(made);
}

async function keysOf(vector: Vector): Promise<ContentKeys> {
  return contentKeys(bytes(vector.id), bytes(vector.link_secret), await stretched(vector));
}

async function* inPieces(data: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < data.length; at += size) yield data.slice(at, at + size);
}

async function open(vector: Vector, sealed: Bytes, pieces = 10_000): Promise<Content> {
  const { contentKey } = await keysOf(vector);
  return readContent(openSegments(inPieces(sealed, pieces), contentKey, bytes(vector.id)));
}

async function refuses(vector: Vector, sealed: Bytes): Promise<void> {
  await assert.rejects(open(vector, sealed), Damaged);
}

function named(name: string): Vector {
  const found = vectors.find((vector) => vector.name.includes(name));
  assert.ok(found, name);
  return found;
}

for (const vector of vectors) {
  test(`keys: ${vector.name}`, async () => {
    const proof = await linkProof(bytes(vector.id), bytes(vector.link_secret));
    const { passProof, contentKey } = await keysOf(vector);

    assert.equal(toBase64url(proof), vector.link_proof);
    assert.equal(toBase64url(passProof), vector.pass_proof);
    assert.equal(contentKey.extractable, false);
  });

  test(`content: ${vector.name}`, async () => {
    const content = await open(vector, bytes(vector.sealed));

    assert.equal(content.text, vector.content.text);
    assert.deepEqual(
      content.fields.map((field) => ({ ...field, value: fromUtf8(field.value) })),
      vector.content.fields,
    );
    const files = await Promise.all(content.files.map((file) => file.data.arrayBuffer()));
    assert.deepEqual(
      files.map((file) => toBase64url(new Uint8Array(file))),
      vector.files,
    );
  });
}

test('pieces of any size give the same content', async () => {
  const vector = named('one byte past a segment');
  const sealed = bytes(vector.sealed);
  for (const size of [1, 15, 65_551, 65_552, 65_553, sealed.length]) {
    assert.equal((await open(vector, sealed, size)).text, vector.content.text);
  }
});

test('a flipped bit anywhere is damage', async () => {
  const vector = named('an empty message');
  const sealed = bytes(vector.sealed);
  for (let at = 0; at < sealed.length; at += 97) {
    const flipped = sealed.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    await refuses(vector, flipped);
  }
});

test('content that was cut or lengthened is damage', async () => {
  const vector = named('one byte past a segment');
  const sealed = bytes(vector.sealed);
  for (const size of [0, 1, 16, 65_551, 65_552, sealed.length - 1])
    await refuses(vector, sealed.slice(0, size));
  await refuses(vector, concat(sealed, Uint8Array.of(0)));
  await refuses(vector, concat(sealed, sealed));
});

test('segments in another order are damage', async () => {
  const vector = named('two full segments');
  const sealed = bytes(vector.sealed);
  const size = 65_552;
  await refuses(vector, concat(sealed.slice(size, 2 * size), sealed.slice(0, size), sealed.slice(2 * size)));
});

test('the content of another message is damage', async () => {
  await refuses(named('an empty message'), bytes(named('several scripts').sealed));
});

test('base64url has one spelling of each value', () => {
  const value = bytes('AAAAAAAAAAAAAAAAAAAAAA');
  assert.deepEqual(fromBase64url('AAAAAAAAAAAAAAAAAAAAAA', 16), value);
  for (const wrong of [
    'AAAAAAAAAAAAAAAAAAAAAB',
    'AAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAA=',
    'AAAAAAAAAAAAAAAAAAAAA+',
    '',
  ]) {
    assert.equal(fromBase64url(wrong, 16), null, wrong);
  }
});
