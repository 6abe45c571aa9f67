import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFrame, inputFrames, isBase64url, uploadFrame } from '../../src/bytes.ts';
import { cleanPaste, cleanTitle, needsQuestion, webAddress } from '../../src/guard.ts';
import { languages, textsOf } from '../../src/i18n/index.ts';
import { readTicket } from '../../src/link.ts';
import { isName, joined, parent } from '../../src/paths.ts';
import { decodeSettings } from '../../src/settings.ts';
import { endText } from '../../src/view/ends.ts';
import { withControl } from '../../src/view/extra_keys.ts';
import { shortcutOf } from '../../src/view/shortcuts.ts';
import { decodeMessage } from '../../src/wire.ts';

test('a ticket is an id and a secret of their sizes, and nothing else', () => {
  const [id, secret] = ['A'.repeat(22), 'B'.repeat(43)];
  assert.deepEqual(readTicket(`#${id}.${secret}`), { kind: 'ticket', id, secret });
  for (const bad of [
    '',
    '#',
    `#${id}`,
    `#${id}.`,
    `#${id}.${secret}.x`,
    `#${id}!.${secret}`,
    `#${secret}.${id}`,
  ])
    assert.equal(readTicket(bad), null, bad);
});

test('frames are read and written as session.md lays them out', () => {
  const output = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 2, 104, 105);
  assert.deepEqual(decodeFrame(output.buffer), {
    kind: 'output',
    offset: 258,
    data: Uint8Array.of(104, 105),
  });
  const down = Uint8Array.of(1, 0, 0, 0, 7, 9);
  assert.deepEqual(decodeFrame(down.buffer), { kind: 'download', request: 7, data: Uint8Array.of(9) });
  assert.deepEqual(uploadFrame(258, Uint8Array.of(5)), Uint8Array.of(1, 0, 0, 1, 2, 5));
  for (let length = 0; length < 5; length++) assert.equal(decodeFrame(down.slice(0, length).buffer), null);
  assert.equal(decodeFrame(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0).buffer), null);
  assert.equal(decodeFrame(new Uint8Array(12).fill(255).fill(0, 0, 1).buffer), null);
});

test('input is cut into messages that the gateway takes', () => {
  const frames = inputFrames(new Uint8Array(100_000).fill(65));
  assert.ok(frames.every((frame) => frame[0] === 0 && frame.length <= 64 * 1024));
  assert.equal(
    frames.reduce((sum, frame) => sum + frame.length - 1, 0),
    100_000,
  );
});

test('messages that lack a member or have another type are none', () => {
  assert.deepEqual(decodeMessage('{"type":"state","state":"login"}'), { type: 'state', state: 'login' });
  for (const bad of [
    '',
    'null',
    '[]',
    '{"type":"state","state":"elsewhere"}',
    '{"type":"ended","reason":"logout","exit":"0","by":null}',
    '{"type":"more","request":-1,"seen":0}',
    '{"type":"entries","request":1,"entries":[{"name":"x"}],"done":true}',
    '{"__proto__":{"type":"state","state":"login"}}',
  ])
    assert.equal(decodeMessage(bad), null, bad);
});

test('a title is cleaned of what controls or turns text', () => {
  assert.equal(cleanTitle('a\x07\u202eb\u2028c\u200bd'), 'abcd');
  assert.equal(Array.from(cleanTitle('😀'.repeat(100))).length, 60);
});

test('only web addresses are links, without names that pose as hosts', () => {
  assert.equal(webAddress('https://example.com'), 'https://example.com/');
  for (const bad of [
    'javascript:alert(1)',
    'file:///etc',
    'data:text/html,x',
    'https://bank.example@evil.example',
    'x',
  ])
    assert.equal(webAddress(bad), null, bad);
});

test('a paste cannot end its brackets, and many lines are asked about', () => {
  assert.equal(cleanPaste('a\r\nb\rc\x1b[201~\x00\x9b\td'), 'a\nb\nc[201~\td');
  assert.equal(needsQuestion('ls -l'), false);
  assert.equal(needsQuestion('ls\n'), true);
  assert.equal(needsQuestion('x'.repeat(2001)), true);
});

test('paths go into folders and out of them', () => {
  assert.equal(joined('', 'a'), 'a');
  assert.equal(joined('/', 'a'), '/a');
  assert.equal(joined('a', 'b'), 'a/b');
  assert.deepEqual(['', '..', 'a', 'a/b', '/a', '/'].map(parent), ['..', '../..', '', 'a', '/', '/']);
  assert.deepEqual(['a', '', '..', 'a/b', 'a\0'].map(isName), [true, false, false, false, false]);
});

test('settings that are none become the usual ones', () => {
  assert.equal(decodeSettings('{"fontSize":900,"theme":"light","bell":"gong"}').fontSize, 32);
  assert.deepEqual(decodeSettings('broken'), {
    fontSize: 14,
    theme: 'dark',
    bell: 'visual',
    reader: false,
    language: '',
  });
});

test('every reason of ticket.md has words of its own in every language', () => {
  const reasons = [
    'logout',
    'closed',
    'idle',
    'limit',
    'terminated',
    'lost',
    'hung_up',
    'unreachable',
    'address',
  ];
  reasons.push('host_key', 'credential', 'protocol', 'disk_full', 'restarted', 'internal');
  for (const language of languages) {
    const words = reasons.map((reason) => endText(textsOf(language), { reason, exit: null, by: null }));
    assert.equal(new Set(words).size, reasons.length, language);
  }
});

test('Ctrl makes the control characters of a terminal', () => {
  assert.deepEqual(['c', 'C', '[', ' ', '/', '\x1b[A'].map(withControl), [
    '\x03',
    '\x03',
    '\x1b',
    '\0',
    '/',
    '\x1b[A',
  ]);
});

test('Ctrl-C and Alt-f stay with the host; the page takes its own keys alone', () => {
  const keys = { code: 'KeyC', shiftKey: false, altKey: false, ctrlKey: true, metaKey: false };
  assert.equal(shortcutOf(keys), null);
  assert.equal(shortcutOf({ ...keys, shiftKey: true }), 'copy');
  assert.equal(shortcutOf({ ...keys, code: 'KeyF', ctrlKey: false, altKey: true }), null);
});

test('base64url is taken in its size and alphabet only', () => {
  assert.equal(isBase64url('A'.repeat(22), 16), true);
  assert.equal(isBase64url('A'.repeat(21), 16), false);
  assert.equal(isBase64url('+'.repeat(22), 16), false);
});
