import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { button, connect, dialog, page, says, status, until } from './stage.mjs';

const panel = () => page.getByRole('region', { name: 'Files' });
const none = { input: true, paste: true, copy: true, upload: false, download: false };
const pick = (...files) => page.locator('input[type=file]').setInputFiles(files);

async function open(files, more = {}) {
  const session = await connect({ files, ...more });
  await page.locator('.xterm').click();
  await page.keyboard.press('Alt+Shift+S');
  return session;
}

test('a folder is shown, and gone into and out of, by keys', async () => {
  const session = await open({ 'notes.txt': Buffer.from('hello'), 'logs/today.log': Buffer.from('x') });
  session.folders.add('logs');
  await says(panel(), 'notes.txt');
  await until(
    () => page.evaluate(() => document.activeElement?.textContent),
    (text) => text === '↑ Up',
  );
  await page.keyboard.press('Enter');
  await until(
    () => session.texts.filter((text) => text.type === 'list').at(-1).path,
    (path) => path === '..',
  );
  const found = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    found.violations.map((each) => each.id),
    [],
  );
});

test('a download arrives whole, with at most 1 MiB under way, and goes on after a cut', async () => {
  const data = randomBytes(3_500_000);
  const session = await open({ 'big.bin': data });
  session.cutGetAt = 900_000;
  await panel().getByRole('button', { name: 'big.bin', exact: true }).click();
  await says(panel(), 'interrupted');
  await says(status(), 'Connected again');
  const coming = page.waitForEvent('download');
  await panel().getByRole('button', { name: 'Go on' }).click();
  const saved = readFileSync(await (await coming).path());

  assert.ok(saved.equals(data));
  assert.ok(session.texts.filter((text) => text.type === 'get').at(-1).offset > 0);
});

test('uploads run at once and arrive whole', async () => {
  const session = await open({});
  await says(panel(), 'This folder is empty');
  const files = Array.from({ length: 12 }, (_, at) => ({
    name: `file-${at}.bin`,
    mimeType: 'application/octet-stream',
    buffer: randomBytes(200_000 + at),
  }));
  await pick(...files);
  await until(
    () => session.files.size,
    (size) => size >= 12 && [...session.files.keys()].every((name) => !name.endsWith('.part')),
    15_000,
  );
  for (const file of files) assert.ok(session.files.get(file.name).equals(file.buffer), file.name);
  await says(panel(), 'file-11.bin');
});

test('an upload that was cut goes on from what the host has', async () => {
  const session = await open({});
  const data = randomBytes(2_000_000);
  session.cutPutAt = 600_000;
  await says(panel(), 'empty');
  await pick({ name: 'cut.bin', mimeType: 'application/octet-stream', buffer: data });
  await says(panel(), 'interrupted');
  await says(status(), 'Connected again');
  await panel().getByRole('button', { name: 'Go on' }).click();
  await until(
    () => session.files.get('cut.bin'),
    (file) => file !== undefined,
  );

  assert.ok(session.files.get('cut.bin').equals(data));
  assert.ok(session.texts.filter((text) => text.type === 'put').at(-1).offset >= 600_000);
});

test('a file is dropped on the panel', async () => {
  const session = await open({});
  await says(panel(), 'empty');
  const transfer = await page.evaluateHandle(() => {
    const made = new DataTransfer();
    made.items.add(new File(['dropped here'], 'drop.txt'));
    return made;
  });
  await panel().dispatchEvent('drop', { dataTransfer: transfer });
  await until(
    () => session.files.get('drop.txt')?.toString(),
    (text) => text === 'dropped here',
  );
});

test('replacing, deleting and renaming are asked for first', async () => {
  const session = await open({ 'a.txt': Buffer.from('old') });
  await says(panel(), 'a.txt');
  await pick({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('new') });
  await says(dialog(), 'Replace a.txt?');
  await dialog().getByRole('button', { name: 'Replace' }).click();
  await until(
    () => session.files.get('a.txt').toString(),
    (text) => text === 'new',
  );
  await panel().getByRole('button', { name: 'Rename: a.txt' }).click();
  await dialog().getByRole('textbox').fill('b.txt');
  await dialog().getByRole('textbox').press('Enter');
  await until(
    () => [...session.files.keys()].join(),
    (names) => names === 'b.txt',
  );
  await panel().getByRole('button', { name: 'Delete: b.txt' }).click();
  await says(dialog(), 'cannot be brought back');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  assert.equal(session.files.size, 1);
  await panel().getByRole('button', { name: 'Delete: b.txt' }).click();
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await until(
    () => session.files.size,
    (size) => size === 0,
  );
  await button('New folder').click();
  await dialog().getByRole('textbox').fill('plans');
  await dialog().getByRole('textbox').press('Enter');
  await says(panel(), 'plans');
});

test('the ticket’s rights decide: no panel without any, no upload without that', async () => {
  const first = await connect({ rights: none });
  assert.ok(await button('Files').isDisabled());
  first.end('logout');
  await says(status(), 'The shell ended');
  await page.goto('about:blank');
  await open({ 'a.txt': Buffer.from('x') }, { rights: { ...none, download: true } });
  await says(panel(), 'a.txt');
  assert.equal(await panel().getByRole('button', { name: 'Upload' }).count(), 0);
  assert.equal(await panel().getByRole('button', { name: 'Delete: a.txt' }).count(), 0);
});
