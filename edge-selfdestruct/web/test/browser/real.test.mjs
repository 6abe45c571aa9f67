// The page in Chromium against the real portal: PAGE_PORTAL=.../page_portal node --test test/browser/real.test.mjs
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, problemsOf, visitor } from './browser.mjs';
import { RealPortal } from './real_portal.mjs';

const gone = 'This message is no longer available';
const text = 'The code is 4711.';

let browser;
let portal;
let page;
let sent;

before(async () => {
  [browser, portal] = await Promise.all([launch(), new RealPortal().start(process.env.PAGE_PORTAL)]);
});
after(async () => {
  await browser.close();
  await portal.stop();
});
beforeEach(async () => {
  page = await visitor(browser);
  sent = [];
  page.on('request', (request) =>
    sent.push(
      `${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
    ),
  );
});
afterEach(async () => {
  const problems = await problemsOf(page);
  await page.context().close();
  assert.deepEqual(problems, []);
});

const button = (name) => page.getByRole('button', { name, exact: true });
const region = () => page.getByRole('region', { name: 'Message', exact: true });
const ended = () => page.getByRole('status', { name: gone, exact: true });
const passphrase = () => page.getByRole('textbox', { name: 'Passphrase', exact: true });

async function reveal(link, words = null) {
  await page.goto(link);
  await button('Reveal message').waitFor();
  if (words !== null) await passphrase().fill(words);
  await button('Reveal message').click();
}

test('one view without a grace: shown, then gone', async () => {
  const { link } = await portal.put({ text }, { grace: 0, sender: 'Northwind Übersee' });

  await page.goto(link);
  await page.getByRole('heading', { name: 'Northwind Übersee sent you a message' }).waitFor();
  await button('Reveal message').click();
  await region().getByText(text).waitFor();

  await page.goto(link);
  await ended().waitFor();
});

test('looking, waiting and reloading claim nothing [portal][promise-4]', async () => {
  const { link } = await portal.put({ text }, { grace: 0 });

  for (let visit = 0; visit < 3; visit += 1) {
    await page.goto('about:blank');
    await page.goto(link);
    await button('Reveal message').waitFor();
    await page.waitForTimeout(500);
  }

  await button('Reveal message').click();
  await region().getByText(text).waitFor();
});

test('a reload within the grace shows the same view again; saving ends it', async () => {
  const { link, secret } = await portal.put({ text }, { passphrase: 'Fünf grüne Wörter' });

  await reveal(link, 'Fünf grüne Wörter');
  await region().waitFor();
  await page.reload();
  await page.getByText('You have opened this message already').waitFor();
  await passphrase().fill('Fünf grüne Wörter');
  await button('Reveal message').click();
  await region().getByText(text).waitFor();
  await button('I have saved it').click();
  await ended().getByText('removed from this page and from the server').waitFor();

  await page.goto(link);
  await ended().getByText('It may have been opened already').waitFor();
  assert.ok(sent.length > 8);
  for (const never of [secret, 'Wörter', encodeURIComponent('Wörter')])
    assert.ok(!sent.some((line) => line.includes(never)), never);
});

test('wrong passphrases count down and end the message', async () => {
  const { link } = await portal.put({ text }, { passphrase: 'right', attempts: 2 });

  await reveal(link, 'wrong');
  await page.locator('#notice', { hasText: 'One attempt is left' }).waitFor();
  await button('Reveal message').click();
  await ended().getByText('A wrong passphrase was entered too often').waitFor();

  await page.goto(link);
  await ended().waitFor();
});

test('"Destroy now" ends a message that had views left', async () => {
  const { link } = await portal.put({ text }, { views: 5, passphrase: 'x' });

  await reveal(link, 'x');
  await page.getByText('It can be opened 4 more times').waitFor();
  await button('Destroy now').click();
  await button('Destroy now').click();
  await ended().getByText('You destroyed it').waitFor();

  await page.goto(link);
  await ended().waitFor();
});

test('a file of 5 MiB arrives whole through chunks and segments', async () => {
  const data = randomBytes(5 * 1024 * 1024 + 1);
  const { link } = await portal.put({
    text,
    files: [{ name: 'all.bin', type: 'application/octet-stream', data }],
  });

  await reveal(link);
  await region().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), button('Download: all.bin').click()]);

  assert.ok(readFileSync(await download.path()).equals(data));
});

test('a stranger with a wrong link secret learns nothing [portal][promise-9]', async () => {
  const { id } = await portal.put({ text });
  const told = [];

  for (const name of [id, randomBytes(16).toString('base64url')]) {
    await page.goto('about:blank');
    await page.goto(`${portal.origin}/m/${name}#${randomBytes(32).toString('base64url')}`);
    await ended().waitFor();
    told.push(await page.locator('body').innerText());
  }

  assert.equal(told[0], told[1]);
});
