// The page against the real gateway: called by tests/gateway/test_browser.py, with a ticket's address on standard input.
import assert from 'node:assert/strict';
import { launch, problemsOf, visitor } from './browser/browser.mjs';

const link = (await new Response(process.stdin).text()).trim();
const browser = await launch();
try {
  const page = await visitor(browser);
  const answer = await page.goto(link);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()['content-security-policy'], /default-src 'none'/);
  const rows = page.locator('.session:not([hidden]) .xterm-rows');
  const shows = (text) =>
    page.waitForFunction((wanted) => document.body.textContent.includes(wanted), text, { timeout: 30_000 });
  await shows('a host');
  await rows.waitFor();
  await page.keyboard.type("echo shown-in-the-bro''wser\n");
  await shows('shown-in-the-browser');
  assert.ok(!page.url().includes('#'), 'the secret left the address');

  // The network goes and comes back; a reload does too.
  await page.reload();
  await shows('a host');
  await page.keyboard.type("echo still-th''ere\n");
  await shows('still-there');
  await page.keyboard.type('exit\n');
  await shows('ended');
  assert.deepEqual(await problemsOf(page), []);
  process.stdout.write('the page works\n');
} finally {
  await browser.close();
}
