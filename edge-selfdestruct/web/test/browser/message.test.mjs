// A message that arrives: what is shown, kept, told and forgotten.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { visitor } from './browser.mjs';
import {
  browser,
  button,
  calls,
  ended,
  full,
  gone,
  heading,
  page,
  passphrase,
  password,
  portal,
  region,
  reveal,
  tryPassphrase,
} from './stage.mjs';

test('a message is revealed once and is then gone', async () => {
  const { link, message } = await portal.put(full, { sender: 'Northwind Service Desk', grace: 0 });

  await page.goto(link);
  await heading('Northwind Service Desk sent you a message').waitFor();
  assert.equal(await page.getByText('once', { exact: true }).count(), 1);
  await button('Reveal message').click();

  await region().getByText(full.text).waitFor();
  assert.equal(message.viewsLeft, 0);
  await page.getByText('The server no longer has this message').waitFor();
  await page.reload();
  await ended().waitFor();
  await page.goto(link);
  await ended().waitFor();
});

test('the fragment leaves the address and the history, and reaches no request [portal]', async () => {
  const words = 'seven green bottles';
  const { link, secret, id } = await portal.put(full, { passphrase: words });

  await page.goto(link);
  await passphrase().waitFor();
  assert.equal(page.url(), link.slice(0, link.indexOf('#')));
  await tryPassphrase('wrong words here');
  await page.getByText('That passphrase is not right').first().waitFor();
  await tryPassphrase(words);
  await region().waitFor();
  await button('I have saved it').click();
  await ended().waitFor();

  const wire = JSON.stringify(portal.requests);
  assert.ok(wire.includes(id));
  for (const never of [
    secret,
    Buffer.from(secret, 'base64url').toString('hex'),
    words,
    'wrong words',
    encodeURIComponent(words),
  ]) {
    assert.ok(!wire.includes(never), never);
  }
  assert.ok(
    portal.requests.every(
      (request) => request.headers.referer === undefined && request.headers.cookie === undefined,
    ),
  );
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('a visitor that runs scripts, waits and presses nothing changes nothing [portal][promise-4]', async () => {
  const { link, message } = await portal.put(full);

  await page.goto(link);
  await button('Reveal message').waitFor();
  await page.mouse.move(300, 300);
  await page.waitForTimeout(2000);
  await page.reload();
  await button('Reveal message').waitFor();

  assert.equal(message.viewsLeft, 1);
  assert.equal(message.tokens.size, 0);
  assert.deepEqual([calls('reveal').length, calls('saved').length, calls('destroy').length], [0, 0, 0]);
});

test('a reload within the grace shows the same view again', async () => {
  const { link, message } = await portal.put(full);

  await reveal(link);
  await page.reload();
  await page.getByText('You have opened this message already').waitFor();
  await button('Reveal message').click();
  await region().getByText(full.text).waitFor();

  assert.equal(message.viewsLeft, 0);
  assert.equal(message.tokens.size, 1);
});

test('a grace that is over uses no further view by surprise', async () => {
  const { link, message } = await portal.put(full, { views: 2, grace: 3000 });

  await reveal(link);
  await page.reload();
  await page.getByText('You have opened this message already').waitFor();
  await page.waitForTimeout(3000);
  await button('Reveal message').click();
  await page.getByText('once more (of 2)').waitFor();

  assert.equal(message.viewsLeft, 1);
});

test('another browser does not share the grace', async () => {
  const { link } = await portal.put(full);
  await reveal(link);

  const other = await visitor(browser);
  await other.goto(link);
  await other.getByRole('status', { name: gone }).waitFor();
  await other.context().close();
});

test('"I have saved it" ends the grace and forgets everything', async () => {
  const { link, message, secret } = await portal.put(full);
  const kept = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

  await reveal(link);
  assert.ok((await kept()).includes(secret));
  const [token] = message.tokens.keys();
  await button('I have saved it').click();
  await ended().waitFor();

  assert.equal(message.tokens.size, 0);
  for (const never of [secret, token]) assert.ok(!(await kept()).includes(never));
  assert.ok(!(await page.content()).includes('this is the'));
  await page.reload();
  await ended().waitFor();
});

test('"Destroy now" asks first, then destroys', async () => {
  const { link, id, secret } = await portal.put(full, { views: 3 });

  await reveal(link);
  await page.getByText('It can be opened 2 more times').waitFor();
  await button('Destroy now').click();
  await button('Keep it').click();
  assert.equal(calls('destroy').length, 0);
  await button('Destroy now').click();
  await button('Destroy now').click();
  await ended().getByText('You destroyed it').waitFor();

  assert.equal(portal.messages.has(id), false);
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes(secret));
});

test('a wrong passphrase says what is left and keeps the message, the last one ends it', async () => {
  const { link } = await portal.put(full, { passphrase: 'right', attempts: 3 });

  await page.goto(link);
  await button('Reveal message').click();
  await page.locator('#notice', { hasText: 'Enter the passphrase.' }).waitFor();
  assert.equal(calls('reveal').length, 0);
  await tryPassphrase('wrong');
  await page.locator('#notice', { hasText: '2 attempts are left' }).waitFor();
  assert.equal(await passphrase().evaluate((input) => input === document.activeElement), true);
  assert.equal(await passphrase().getAttribute('aria-invalid'), 'true');
  await tryPassphrase('wrong');
  await page.locator('#notice', { hasText: 'One attempt is left' }).waitFor();
  await tryPassphrase('wrong');
  await ended().getByText('A wrong passphrase was entered too often').waitFor();
});

test('the passphrase module is fetched only when a passphrase is asked for', async () => {
  const isModule = (request) => request.url.includes('/argon2-');
  const without = await portal.put(full);
  await reveal(without.link);
  assert.equal(portal.requests.filter(isModule).length, 0);

  const protectedOne = await portal.put({ text: 'behind words' }, { passphrase: 'Gru\u0308n' });
  await page.goto(protectedOne.link);
  await tryPassphrase('Gr\u00fcn');
  await region().getByText('behind words').waitFor();
  assert.equal(portal.requests.filter(isModule).length > 0, true);
});

test('a secret is not in the page until it is asked for', async () => {
  const { link } = await portal.put(full);

  await reveal(link);
  assert.ok(!(await page.content()).includes('Wörd'));
  await button('Show: Password').click();
  assert.equal(await page.locator('.secret').textContent(), password);
  await button('Hide: Password').click();
  assert.ok(!(await page.content()).includes('Wörd'));
  await button('Copy: Password').click();
  await region().getByText('Copied', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), password);
});

test('files download whole, and only pictures and plain text are previewed', async () => {
  const { link } = await portal.put(full);

  await reveal(link);
  await button('Preview: notes.txt').click();
  await region().getByText('second line').waitFor();
  await button('Preview: picture.png').click();
  assert.equal(
    await page
      .getByRole('img', { name: 'picture.png' })
      .evaluate((image) => image.decode().then(() => image.naturalWidth)),
    1,
  );
  assert.equal(await page.getByRole('button', { name: /^Preview:/ }).count(), 0);
  assert.equal(await page.locator('iframe, object, embed, svg').count(), 0);

  for (const file of full.files) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(`Download: ${file.name}`).click(),
    ]);
    assert.equal(download.suggestedFilename(), file.name);
    assert.deepEqual(readFileSync(await download.path()), file.data);
  }
  assert.equal(await page.title(), 'Message');
});

test('a message of many segments arrives whole', async () => {
  const data = randomBytes(8 * 1024 * 1024 + 12_345);
  const { link } = await portal.put({ text: 'big', files: [{ name: 'big.bin', type: '', data }] });

  await reveal(link);
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download: big.bin').click()]);
  assert.ok(readFileSync(await download.path()).equals(data));
});
