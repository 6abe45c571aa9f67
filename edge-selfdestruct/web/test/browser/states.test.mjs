// The page for every reader: time, keyboard, languages, branding, accessibility.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { phone, visitor } from './browser.mjs';
import { Portal } from './portal.mjs';
import {
  browser,
  button,
  calls,
  dist,
  ended,
  full,
  gone,
  heading,
  page,
  passphrase,
  portal,
  region,
  reopen,
  reveal,
  tryPassphrase,
} from './stage.mjs';

test('the message leaves the page when its time there is over, unless it is kept', async () => {
  const { link } = await portal.put(full, { grace: 0 });
  await page.clock.install();
  await reveal(link);

  await page.clock.runFor(14 * 60_000);
  await page.getByText('The message is removed from this page in 60 seconds.').waitFor({ state: 'attached' });
  await button('Keep it longer').click();
  await page.clock.runFor(14 * 60_000);
  assert.equal(await region().count(), 1);
  await page.clock.runFor(2 * 60_000);
  await ended().getByText('its time here was over').waitFor();
  assert.ok(!(await page.content()).includes('this is the'));
});

test('the whole way by keyboard, with the focus where a reader looks next', async () => {
  const { link } = await portal.put(full, { passphrase: 'keys only', views: 2 });
  const focused = () =>
    page.evaluate(() => document.activeElement?.textContent || document.activeElement?.id);
  const tabTo = async (name) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await focused()) === name) return;
    }
    assert.fail(`no way to ${name}`);
  };

  await page.goto(link);
  await passphrase().waitFor();
  assert.match(await focused(), /sent you a message/);
  await tabTo('passphrase');
  await page.keyboard.type('keys only');
  await page.keyboard.press('Enter');
  await region().waitFor();
  assert.equal(await focused(), 'Message');
  await tabTo('Destroy now');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'Keep it');
  await page.keyboard.press('Escape');
  assert.equal(await focused(), 'Destroy now');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await ended().waitFor();
  assert.equal(await focused(), gone);
});

test("the page speaks the reader's language, and another on demand", async () => {
  const { link } = await portal.put(full, { passphrase: 'x' });
  const reader = await visitor(browser, { locale: 'de-AT' });

  await reader.goto(link);
  await reader.getByRole('button', { name: 'Nachricht anzeigen' }).waitFor();
  await reader.getByRole('textbox', { name: 'Kennwort' }).fill('typed');
  await reader.getByRole('combobox', { name: 'Sprache' }).selectOption('ja');
  await reader.getByRole('button', { name: 'メッセージを表示' }).waitFor();

  assert.equal(await reader.locator('html').getAttribute('lang'), 'ja');
  assert.equal(await reader.getByRole('textbox', { name: 'パスフレーズ' }).inputValue(), 'typed');
  assert.equal(calls('status').length, 1);
  await reader.context().close();
});

test('under a prefix, with branding, nothing but relative addresses is used', async () => {
  const branding = {
    name: 'Northwind',
    colour: '#ffee00',
    help: 'Call 555 0100.',
    languages: ['fr', 'en'],
    logo: '/api/v1/branding/logo',
  };
  const inside = await new Portal(dist, { base: '/selfdestruct', branding }).start();
  const { link } = await inside.put(full, { passphrase: 'x' });

  await page.goto(link);
  await page.getByText('Northwind', { exact: true }).waitFor();
  await page.getByText('Call 555 0100.').waitFor();
  await tryPassphrase('x');
  await region().waitFor();

  assert.deepEqual(
    inside.requests
      .map((request) => request.url)
      .filter((url) => !url.startsWith('/selfdestruct/') && url !== '/favicon.ico'),
    [],
  );
  await inside.stop();
});

test('without JavaScript a sentence says what is needed', async () => {
  const { link } = await portal.put(full);
  const plain = await visitor(browser, { javaScriptEnabled: false });

  await plain.goto(link);

  const [english] = await plain.locator('noscript p').all();
  assert.equal(await english.isVisible(), true);
  assert.match(await english.innerText(), /^This page needs JavaScript/);
  assert.equal(calls('status').length, 0);
  await plain.context().close();
});

test('without WebCrypto a sentence says what is needed, and nothing is asked', async () => {
  const { link } = await portal.put(full);
  await page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));

  await page.goto(link);

  await heading('This browser cannot open the message').waitFor();
  assert.equal(calls('status').length, 0);
});

test('a message is not printed', async () => {
  const { link } = await portal.put(full);
  await reveal(link);

  await page.emulateMedia({ media: 'print' });

  assert.equal(await page.getByText(full.text).isVisible(), false);
  assert.equal(await page.getByText('This page does not print messages.').isVisible(), true);
});

const states = {
  ready: async () =>
    page
      .goto((await portal.put(full, { sender: 'Northwind' })).link)
      .then(() => button('Reveal message').waitFor()),
  passphrase: async () =>
    page.goto((await portal.put(full, { passphrase: 'x' })).link).then(() => passphrase().waitFor()),
  wrong: async () => {
    await states.passphrase();
    await tryPassphrase('y');
    await page.locator('#notice', { hasText: 'not right' }).waitFor();
  },
  receiving: async () => {
    portal.faults.stall = true;
    await page.goto((await portal.put({ text: 'x'.repeat(300_000) })).link);
    await button('Reveal message').click();
    await page.getByRole('progressbar').waitFor();
  },
  message: async () => {
    await reveal((await portal.put(full)).link);
    await button('Show: Password').click();
    await button('Preview: notes.txt').click();
    await button('Destroy now').click();
  },
  gone: async () =>
    page.goto(`${portal.origin}/m/${'A'.repeat(22)}#${'A'.repeat(43)}`).then(() => ended().waitFor()),
  incomplete: async () =>
    page.goto(`${portal.origin}/m/${'A'.repeat(22)}`).then(() => heading('The link is incomplete').waitFor()),
};

for (const [name, go] of Object.entries(states)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing, nothing is wider than a phone: ${name}, ${colorScheme}`, async () => {
      await reopen({ viewport: phone, colorScheme });
      await go();
      await page.waitForTimeout(200); // the fade of 120 ms

      const { violations } = await new AxeBuilder({ page }).analyze();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

      assert.deepEqual(
        violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) })),
        [],
      );
      assert.ok(wide <= 0, `${wide} px too wide`);
    });
  }
}
