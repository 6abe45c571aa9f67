// What the browser tests share: a portal and a visitor for each test, and words for what is on the page.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, problemsOf, visitor } from './browser.mjs';
import { Portal } from './portal.mjs';

export const dist = process.env.PAGE_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
export const gone = 'This message is no longer available';
export const password = 'pa55-Wörd & co';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const full = {
  text: 'Hello,\nthis is the <b>text</b>.',
  fields: [
    { name: 'User name', value: 'administrator', secret: false },
    { name: 'Password', value: password, secret: true },
  ],
  files: [
    { name: 'picture.png', type: 'image/png', data: png },
    { name: 'notes.txt', type: 'text/plain', data: Buffer.from('first line\nsecond line\n') },
    { name: 'page.html', type: 'text/html', data: Buffer.from('<script>document.title="owned"</script>') },
    {
      name: 'drawing.svg',
      type: 'image/png',
      data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    },
    { name: 'paper.pdf', type: 'application/pdf', data: Buffer.from('%PDF-1.7\n') },
  ],
};

export let browser;
export let portal;
export let page;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  portal = await new Portal(dist).start();
  page = await visitor(browser);
});
afterEach(async () => {
  const problems = await problemsOf(page).catch((problem) => [String(problem)]);
  await page.context().close();
  await portal.stop();
  assert.deepEqual(problems, []);
});

export const button = (name) => page.getByRole('button', { name, exact: true });
export const region = () => page.getByRole('region', { name: 'Message', exact: true });
export const ended = () => page.getByRole('status', { name: gone, exact: true });
export const passphrase = () => page.getByRole('textbox', { name: 'Passphrase', exact: true });
export const heading = (name) => page.getByRole('heading', { level: 1, name });
export const calls = (name) => portal.requests.filter((request) => request.url.endsWith(`/${name}`));

export async function reveal(link) {
  await page.goto(link);
  await button('Reveal message').click();
  await region().waitFor();
}

export async function tryPassphrase(words) {
  await passphrase().fill(words);
  await button('Reveal message').click();
}

/** The test's visitor with another screen or theme. */
export async function reopen(options) {
  await page.context().close();
  page = await visitor(browser, options);
  return page;
}
