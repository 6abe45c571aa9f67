import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Received, Transfers } from '../../src/transfers.ts';
import type { ToGateway } from '../../src/wire.ts';

function stage() {
  const sent: ToGateway[] = [];
  const uploaded: number[] = [];
  const transfers = new Transfers({
    send: (message) => sent.push(message) > 0,
    upload: (frame) => uploaded.push(frame.length - 5) > 0,
  });
  return { sent, uploaded, transfers };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const steady = new AbortController().signal;

test('at most eight requests are open; the ninth waits for one to end', async () => {
  const { sent, transfers } = stage();
  for (let at = 0; at < 9; at++) void transfers.make(`folder ${at}`);
  assert.equal(sent.length, 8);
  transfers.answered({ type: 'done', request: 3, size: 0, sha256: null });
  await settled();

  assert.equal(sent.length, 9);
});

test('an upload has at most 1 MiB under way', async () => {
  const { uploaded, transfers } = stage();
  const sum = () => uploaded.reduce((all, size) => all + size, 0);
  const put = transfers.put('x', new Blob([new Uint8Array(3_000_000)]), 0, false, () => {}, steady);
  await settled();
  assert.equal(sum(), 1024 * 1024);
  transfers.answered({ type: 'more', request: 1, seen: 1024 * 1024 });
  await settled();
  assert.equal(sum(), 2 * 1024 * 1024);
  transfers.lost();

  assert.deepEqual(await put, { ok: false, code: 'lost' });
});

test('a download acknowledges what it took and goes on from there', async () => {
  const { sent, transfers } = stage();
  const into = new Received();
  const first = transfers.get('x', into, () => {}, steady);
  transfers.answered({ type: 'opened', request: 1, size: 600_000 });
  for (let at = 0; at < 10; at++) transfers.received(1, new Uint8Array(30_000));
  transfers.lost();
  assert.deepEqual(await first, { ok: false, code: 'lost' });
  void transfers.get('x', into, () => {}, steady);

  assert.deepEqual(sent[1], { type: 'taken', request: 1, seen: 270_000 });
  assert.deepEqual(sent[2], { type: 'get', request: 2, path: 'x', offset: 300_000 });
});

test('a cancelled request is told and ends when the gateway says so', async () => {
  const { sent, transfers } = stage();
  const stop = new AbortController();
  const get = transfers.get('x', new Received(), () => {}, stop.signal);
  stop.abort();
  transfers.answered({ type: 'failed', request: 1, code: 'cancelled' });

  assert.deepEqual(sent.at(-1), { type: 'cancel', request: 1 });
  assert.deepEqual(await get, { ok: false, code: 'cancelled' });
});

test('answers to nobody change nothing', () => {
  const { transfers } = stage();
  transfers.answered({ type: 'done', request: 99, size: 0, sha256: null });
  transfers.received(99, new Uint8Array(3));
});

test('a file that changed since it was chosen is not sent on', async () => {
  const { sent, transfers } = stage();
  const file = new Blob([new Uint8Array(100)]);
  file.slice = () => {
    throw new DOMException('changed', 'NotReadableError');
  };
  const put = await transfers.put('x', file, 0, false, () => {}, steady);

  assert.deepEqual(put, { ok: false, code: 'changed' });
  assert.deepEqual(sent.at(-1), { type: 'cancel', request: 1 });
});
