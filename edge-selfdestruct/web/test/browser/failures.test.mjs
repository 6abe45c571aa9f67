// What goes wrong, and what the reader is told then.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  button,
  calls,
  ended,
  full,
  heading,
  page,
  portal,
  region,
  reveal,
  tryPassphrase,
} from './stage.mjs';

test('a browser that keeps no site data opens the message all the same', async () => {
  const { link } = await portal.put(full);
  await page.addInitScript(() => {
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });

  await reveal(link);
  await button('I have saved it').click();
  await ended().waitFor();
});

test('a passphrase module that does not arrive is told, and fetched again', async () => {
  const { link, message } = await portal.put(full, { passphrase: 'x' });
  portal.faults.argon2 = true;

  await page.goto(link);
  await tryPassphrase('x');
  await page.locator('#notice', { hasText: 'This browser could not work with the passphrase' }).waitFor();
  assert.equal(calls('reveal').length, 0);
  portal.faults.argon2 = false;
  await button('Reveal message').click();
  await region().waitFor();

  assert.equal(message.viewsLeft, 0);
});

test('a connection that falls silent is given up, and the same view fetched again', async () => {
  const { link, message } = await portal.put({ text: 'y'.repeat(300_000) }, { grace: 600_000 });
  portal.faults.stall = true;
  await page.clock.install();

  await page.goto(link);
  await button('Reveal message').click();
  await heading(/Receiving/).waitFor();
  await page.clock.runFor(31_000);
  await heading('The connection was lost').waitFor();
  portal.faults.stall = false;
  await button('Try again').click();
  await region().waitFor();

  assert.equal(message.viewsLeft, 0);
});

test('a link that was cut is explained before any request', async () => {
  const { link, id, secret } = await portal.put(full);
  for (const wrong of [`#${secret.slice(0, -1)}`, `#${secret}x`, '', '#']) {
    await page.goto('about:blank');
    await page.goto(`${portal.origin}/m/${id}${wrong}`);
    await heading('The link is incomplete').waitFor();
  }
  assert.equal(calls('status').length, 0);

  await page.goto(link);
  await button('Reveal message').waitFor();
});

test('a wrong link secret looks like a message that is gone, and reveals nothing', async () => {
  const { id } = await portal.put(full);

  await page.goto(`${portal.origin}/m/${id}#${randomBytes(32).toString('base64url')}`);

  await ended().getByText('It may have been opened already').waitFor();
});

test('a damaged message says so and shows nothing of it', async () => {
  const { link } = await portal.put(full);
  portal.faults.damage = true;

  await page.goto(link);
  await button('Reveal message').click();

  await heading('The message is damaged').waitFor();
  assert.ok(!(await page.content()).includes('this is the'));
});

test('a connection lost midway: the same browser fetches the same view again', async () => {
  const data = randomBytes(400_000);
  const { link, message } = await portal.put({ text: 'whole', files: [{ name: 'a', type: '', data }] });
  portal.faults.cut = true;

  await page.goto(link);
  await button('Reveal message').click();
  await heading('The connection was lost').waitFor();
  await page.getByText('This browser may fetch it again until').waitFor();
  portal.faults.cut = false;
  await button('Try again').click();
  await region().getByText('whole').waitFor();

  assert.equal(message.viewsLeft, 0);
});

test('a connection lost midway without a grace tells that a view is used', async () => {
  const { link } = await portal.put(
    { files: [{ name: 'a', type: '', data: randomBytes(400_000) }] },
    { grace: 0 },
  );
  portal.faults.cut = true;

  await page.goto(link);
  await button('Reveal message').click();

  await page.getByText('a view was used for it').waitFor();
  await button('Try again').click();
  await ended().waitFor();
});

test('too many tries: wait, then go on', async () => {
  const { link } = await portal.put(full);
  portal.faults.reveal = 429;

  await page.goto(link);
  await button('Reveal message').click();
  await page.locator('#notice', { hasText: 'Too many tries. The message is still there.' }).waitFor();
  assert.equal(await button('Reveal message').isDisabled(), true);
  portal.faults.reveal = undefined;
  await button('Reveal message').click();
  await region().waitFor();
});

test('a portal that cannot write, or does not answer, uses nothing up', async () => {
  const { link, message } = await portal.put(full);
  portal.faults.status = 'drop';
  await page.goto(link);
  await heading('No connection').waitFor();
  portal.faults = { reveal: 503 };
  await button('Try again').click();
  await button('Reveal message').click();
  await page.locator('#notice', { hasText: 'No view was used' }).waitFor();
  portal.faults = { reveal: 'drop' };
  await button('Reveal message').click();
  await page.locator('#notice', { hasText: 'no answer from the server' }).waitFor();
  assert.equal(message.viewsLeft, 1);
  portal.faults = {};
  await button('Reveal message').click();
  await region().waitFor();
});

test('a portal that does not answer "saved" or "destroy" leaves the message on the page', async () => {
  const { link } = await portal.put(full);
  await reveal(link);
  portal.faults = { saved: 'drop', destroy: 503 };

  await button('I have saved it').click();
  await page.getByText('the message may still be there').first().waitFor();
  await button('Destroy now').click();
  await button('Destroy now').click();
  await page.getByText('the message may still be there').first().waitFor();
  await region().getByText(full.text).waitFor();
});
