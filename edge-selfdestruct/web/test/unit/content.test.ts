// What a header may and may not say, and padding, without any cipher.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, concat, utf8 } from '../../src/bytes.ts';
import { decodeHeader, readContent } from '../../src/content.ts';
import { Damaged } from '../../src/segments.ts';

const good = { v: 1, text: '', fields: [], files: [] };

function plain(header: string, rest: Bytes): Bytes {
  const bytes = utf8(header);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, bytes.length);
  return concat(size, bytes, rest);
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes;
}

test('a good header is taken', () => {
  assert.equal(decodeHeader(good).ok, true);
});

const wrong: Record<string, unknown> = {
  null: null,
  'a list': [],
  'another version': { ...good, v: 2 },
  'an unknown member': { ...good, more: 1 },
  'a missing member': { v: 1, text: '', fields: [] },
  'a number as text': { ...good, text: 1 },
  'an unknown member of a field': { ...good, fields: [{ name: 'a', value: 'b', secret: false, more: 1 }] },
  'a field without secret': { ...good, fields: [{ name: 'a', value: 'b' }] },
  'a file of negative size': { ...good, files: [{ name: 'a', type: '', size: -1 }] },
  'a file of half a byte': { ...good, files: [{ name: 'a', type: '', size: 0.5 }] },
  'more than 100 MiB': { ...good, files: [{ name: 'a', type: '', size: 100 * 1024 * 1024 + 1 }] },
  'more than 100 fields': {
    ...good,
    fields: Array.from({ length: 101 }, () => ({ name: '', value: '', secret: true })),
  },
};

for (const [name, header] of Object.entries(wrong)) {
  test(`a header is refused: ${name}`, () => {
    assert.equal(decodeHeader(header).ok, false);
  });
}

test('padding that is not zero is damage', async () => {
  const bytes = plain(JSON.stringify(good), Uint8Array.of(0, 0, 1, 0));
  await assert.rejects(readContent(once(bytes)), Damaged);
});

test('a file that reaches past the end is damage', async () => {
  const bytes = plain(
    JSON.stringify({ ...good, files: [{ name: 'a', type: '', size: 5 }] }),
    new Uint8Array(4),
  );
  await assert.rejects(readContent(once(bytes)), Damaged);
});

test('a header that is longer than 1 MiB or than the content is damage', async () => {
  await assert.rejects(readContent(once(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1))), Damaged);
  await assert.rejects(readContent(once(Uint8Array.of(0, 0, 0, 9, 123))), Damaged);
  await assert.rejects(readContent(once(new Uint8Array(0))), Damaged);
});

test('a header that is not JSON or not UTF-8 is damage', async () => {
  await assert.rejects(readContent(once(plain('{', new Uint8Array(0)))), Damaged);
  await assert.rejects(readContent(once(Uint8Array.of(0, 0, 0, 1, 0xff))), Damaged);
});
