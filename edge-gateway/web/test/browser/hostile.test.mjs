import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, dialog, page, rows, says, typed, until } from './stage.mjs';

const marker = '\r\nEND-OF-IT\r\n';

test('nothing a host prints is typed at it, but the few answers of fixed form', async () => {
  const session = await connect();
  session.print('\x1b]0;rm -rf /\r\x07\x1b[21t\x1b[20t\x1b[18t\x1b[14t'); // title and window reports
  session.print('\x1bP$qm\x1b\\\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\\x1b[>q'); // DECRQSS, XTGETTCAP, XTVERSION
  session.print('\x1b]4;1;?\x07\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]12;?\x07'); // colours
  session.print('\x1b]52;c;?\x07\x05'); // the clipboard, and the answerback
  session.print(marker);
  await says(rows(), 'END-OF-IT');
  await new Promise((resolve) => setTimeout(resolve, 200));

  assert.equal(session.typed, '');
});

test('programs get the answers that they need: which terminal, where the cursor is', async () => {
  const session = await connect();
  session.print('\x1b[c\x1b[5n\x1b[6n');

  await typed(session, 'R');
  assert.equal(session.typed, '\x1b[?1;2c\x1b[0n\x1b[1;1R');
});

test('a flood of questions gets few answers', async () => {
  const session = await connect();
  session.print(`${'\x1b[6n'.repeat(20_000)}${marker}`);
  await says(rows(), 'END-OF-IT');
  await new Promise((resolve) => setTimeout(resolve, 300));

  const answers = session.typed.split('R').length - 1;
  assert.ok(answers > 0 && answers <= 150, `${answers}`);
});

test('the clipboard is out of a host’s reach', async () => {
  const session = await connect();
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  session.print(`\x1b]52;c;${Buffer.from('theirs').toString('base64')}\x07${marker}`);
  await says(rows(), 'END-OF-IT');

  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'mine');
});

test('a host’s title is plain words beside the name of the host, never instead of it', async () => {
  const session = await connect();
  session.print('\x1b]2;\u202eevil <img src=x onerror=alert(1)>\x07');
  const title = await until(
    () => page.title(),
    (found) => found.includes('evil'),
  );

  assert.equal(title, 'db-1.northwind.example – evil <img src=x onerror=alert(1)>');
});

test('a link opens only after its real address was shown; other schemes not at all', async () => {
  const session = await connect();
  session.print('\x1b]8;;https://evil.example/steal\x1b\\https://bank.example/\x1b]8;;\x1b\\\r\n');
  session.print('\x1b]8;;javascript:alert(1)\x1b\\SCRIPTLINK\x1b]8;;\x1b\\\r\n');
  await says(rows(), 'SCRIPTLINK');
  const place = await page.locator('.xterm-screen').boundingBox();
  await page.mouse.move(place.x + 40, place.y + 8);
  await page.mouse.move(place.x + 44, place.y + 8);
  await page.mouse.click(place.x + 44, place.y + 8);
  await says(dialog(), 'https://evil.example/steal');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await page.mouse.move(place.x + 40, place.y + 26);
  await page.mouse.click(place.x + 44, place.y + 26);
  await new Promise((resolve) => setTimeout(resolve, 200));

  assert.equal(await dialog().count(), 0);
  assert.equal(page.context().pages().length, 1);
});

test('a flood neither fills memory nor delays Ctrl-C', async () => {
  const session = await connect();
  await page.locator('.xterm').click();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable');
  const from = Date.now();
  session.flood();
  await until(
    () => session.sent,
    (sent) => sent > 8 * 1024 * 1024,
    30_000,
  );
  const rate = session.seen / 1000 / (Date.now() - from);
  const { metrics } = await tools.send('Performance.getMetrics');
  const heap = metrics.find((each) => each.name === 'JSHeapUsedSize').value / 1e6;
  assert.ok(heap < 150, `${heap} MB`);
  const pressedAt = Date.now();
  const sentBefore = session.sent;
  await page.keyboard.press('Control+C');
  await until(
    () => session.stoppedAt ?? 0,
    (at) => at > 0,
    30_000,
  );

  // In bytes, which a busy machine makes neither more nor fewer: the key overtakes all but a few windows.
  const between = session.sentWhenStopped - sentBefore;
  assert.ok(between <= 4 * 1024 * 1024, `${between} bytes between the press and its arrival`);
  const delay = session.stoppedAt - pressedAt;
  assert.ok(session.most <= 1024 * 1024 + 64 * 1024, `${session.most} bytes under way`);
  await until(
    () => session.seen,
    (seen) => seen === session.sent,
    10_000,
  );
  process.stdout.write(
    `# Ctrl-C reached the host ${delay} ms after the press; ${rate.toFixed(1)} MB/s shown, heap ${heap.toFixed(0)} MB\n`,
  );
});

test('bytes that are no text, and sequences that never end, leave a terminal that works', async () => {
  const session = await connect();
  const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7919 + (at >> 3)) % 256));
  session.print(noise);
  session.print(`\x18\x1b\\\x1bc${marker}`);
  await says(rows(), 'END-OF-IT');
  await page.keyboard.type('still here');
  await typed(session, 'still here');
});

test('a message that is none ends the session in words', async () => {
  const session = await connect();
  session.say({ type: 'ready', session: 5 });
  await says(page.locator('.status'), 'not understood');
});

test('output with a gap is never shown as if it were whole', async () => {
  const session = await connect();
  session.print('whole');
  await says(rows(), 'whole');
  const head = Buffer.alloc(9);
  head.writeBigUInt64BE(9999n, 1);
  session.wire.send(Buffer.concat([head, Buffer.from('TORN')]));
  await says(page.locator('.status'), 'not understood');
  assert.ok(!(await rows().textContent()).includes('TORN'));
});
