// What the browser tests share: a gateway and a visitor for each test, and words for what is on the page.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, problemsOf, visitor } from './browser.mjs';
import { Gateway } from './gateway.mjs';

export const dist = process.env.PAGE_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
export let browser;
export let gateway;
export let page;

before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(async () => {
  gateway = await new Gateway(dist).start();
  page = await visitor(browser);
});
afterEach(async () => {
  const problems = await problemsOf(page).catch((problem) => [String(problem)]);
  await page.context().close();
  await gateway.stop();
  // A WebSocket that is refused on purpose is noted by the browser itself.
  assert.deepEqual(
    problems.filter((problem) => !/WebSocket connection to/.test(problem)),
    [],
  );
});

export const button = (name) => page.getByRole('button', { name, exact: true });
export const status = () => page.locator('.session:not([hidden]) .status');
export const facts = () => page.locator('.session:not([hidden]) .facts');
export const rows = () => page.locator('.session:not([hidden]) .xterm-rows');
export const dialog = () => page.getByRole('dialog');

export async function until(what, fits, patience = 8000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await what();
    if (fits(value)) return value;
    if (Date.now() > end) assert.fail(`waited in vain; it is ${JSON.stringify(value)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const says = (locator, text) =>
  until(
    () => locator.textContent(),
    (found) => found.includes(text),
  );

/** Opens a ticket and waits for the shell. */
export async function connect(options = {}) {
  await page.goto(gateway.ticket(options));
  await says(facts(), 'northwind');
  return gateway.session;
}

export const typed = (session, text) =>
  until(
    () => session.typed,
    (found) => found.includes(text),
  );
