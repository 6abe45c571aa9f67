// A stranger's first hour, in a real browser, against the real programs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, choosePassword, mailsTo, openWindow, sendMessage, signIn, startBrowser, startSite, until } from './flow.mjs';

const password = 'correct horse battery staple';
const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('the plan\n'.repeat(1000)) };
let site;
let browser;
let sender;
let sent;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  sender = await openWindow(browser);
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await site?.end();
});

/** The page that says so; when it does not come, what stands there instead. */
async function ended({ page, complaints }) {
  const status = page.getByRole('status', { name: 'This message is no longer available' });
  await status.waitFor().catch(async () => {
    assert.fail(`the end did not come; the page says: ${await page.locator('main').innerText()}; ${complaints}`);
  });
}

test('the administrator signs in and must choose a password', async () => {
  const { page } = sender;
  await page.goto(site.core_url);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await accessible(page, 'sign in');
  await signIn(page, site, 'not the password at all');
  await page.getByText('Login or password is not right.').waitFor();
  await signIn(page, site, site.admin_password);
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
  await accessible(page, 'choose password');
  await choosePassword(page, site.admin_password, password);
  await accessible(page, 'messages, none yet');
});

test('the wizard sends a message with a file and a passphrase', async () => {
  const { page } = sender;
  sent = await sendMessage(
    page,
    { text: 'The code is 4711.', file, to: 'guest@example.test', name: 'Grace', subject: 'The plan' },
    (step) => accessible(page, step),
  );
  assert.match(sent.url, /\/m\/[\w-]{22}#[\w-]{43}$/);
  assert.equal(sent.passphrase.split(' ').length, 6);
  const [mail] = await until(() => mailsTo(site, 'guest@example.test').length && mailsTo(site, 'guest@example.test'), 'the mail');
  assert.ok(!mail.includes(sent.passphrase), 'the passphrase is not in the mail');
});

test('the recipient reveals it, reloads within the grace, and saves it', async () => {
  const { page, complaints, context } = await openWindow(browser);
  const asked = [];
  page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
  await page.goto(sent.url);
  await page.getByRole('button', { name: 'Reveal message' }).waitFor();
  await accessible(page, 'before the reveal');
  assert.equal(new URL(page.url()).hash, '', 'the secret has left the address bar');
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('not the words');
  await page.getByRole('button', { name: 'Reveal message' }).click();
  await page.locator('#notice').getByText('That passphrase is not right').waitFor({ timeout: 60_000 });
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(sent.passphrase);
  await page.getByRole('button', { name: 'Reveal message' }).click();
  const message = page.getByRole('region', { name: 'Message' });
  await message.getByText('The code is 4711.').waitFor({ timeout: 60_000 });
  await accessible(page, 'the message');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download: plan.txt' }).click()]);
  assert.equal(download.suggestedFilename(), 'plan.txt');

  await page.goto(sent.url);
  await page.reload();
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(sent.passphrase);
  await page.getByRole('button', { name: 'Reveal message' }).click();
  await message.getByText('The code is 4711.').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await ended({ page, complaints });
  await accessible(page, 'the end');

  const secret = sent.url.split('#')[1];
  for (const request of asked) {
    assert.ok(!request.includes(secret), `the link secret is in no request: ${request}`);
    assert.ok(!request.includes(sent.passphrase) && !request.includes(encodeURIComponent(sent.passphrase)));
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('another browser finds it gone', async () => {
  const { page, complaints, context } = await openWindow(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await page.goto(sent.url);
  await ended({ page, complaints });
  await accessible(page, 'gone, on a dark phone');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the sender finds it viewed on the message page and in the mailbox', async () => {
  const { page } = sender;
  await page.getByRole('link', { name: 'Messages' }).first().click();
  await page.getByRole('link', { name: /The plan/ }).click();
  await page.getByText('Viewed', { exact: true }).first().waitFor();
  await page.getByText('Wrong passphrase').first().waitFor();
  await page.getByText(/Destroyed/).first().waitFor();
  await accessible(page, 'the message page');
  await until(() => mailsTo(site, 'sender@example.test').find((mail) => /view/i.test(mail)), 'the notice');
});

test('the certificates are listed, and the root is offered to strangers', async () => {
  const { page } = sender;
  await page.getByRole('navigation').getByRole('link', { name: 'Certificates' }).first().click();
  const table = page.getByRole('table', { name: 'Certificates and their state' });
  await table.getByText('Web site of the core').waitFor({ timeout: 60_000 });
  await table.getByText('selfdestruct: portal').waitFor({ timeout: 60_000 });
  await table.getByText('selfdestruct: link to the core').waitFor({ timeout: 60_000 });

  const stranger = await openWindow(browser, { viewport: { width: 390, height: 780 }, colorScheme: 'dark' });
  await stranger.page.goto(`${site.core_url}/trust`);
  await stranger.page.getByRole('heading', { name: 'Trust this site' }).waitFor();
  await accessible(stranger.page, 'trust');
  await stranger.page.locator('summary', { hasText: 'Windows' }).focus();
  await stranger.page.keyboard.press('Enter');
  await stranger.page.getByText('certutil -addstore').waitFor();
  const download = stranger.page.waitForEvent('download');
  await stranger.page.getByRole('link', { name: 'Download the root' }).click();
  assert.equal(readFileSync(await (await download).path(), 'utf8'), readFileSync(site.ca_certificate, 'utf8'));
  assert.deepEqual(stranger.complaints, []);
});

test('every page of the site is accessible and breaks no policy', async () => {
  const { page, complaints } = sender;
  for (const name of ['Messages', 'Sites', 'Hosts', 'Credentials', 'Remote sites', 'Certificates', 'People', 'Settings', 'Audit']) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('heading', { name, exact: true }).first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await accessible(page, name);
  }
  assert.deepEqual(complaints, []);
});
