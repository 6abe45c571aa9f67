// A technician's way to a host and back, in a real browser: core, gateway and sshd are the real programs. Needs root.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, choosePassword, dialogOf, goTo, openWindow, signIn, startBrowser, startSite, until } from './flow.mjs';

const password = 'correct horse battery staple';
const root = process.getuid() === 0;
let site;
let browser;
let page;
let context;
let complaints;
let terminal;

before(async () => {
  if (!root) return;
  site = await startSite('--gateway');
  browser = await startBrowser();
  ({ page, context, complaints } = await openWindow(browser));
  await signIn(page, site, site.admin_password);
  await choosePassword(page, site.admin_password, password);
}, { timeout: 240_000 });

after(async () => {
  await browser?.close();
  await site?.end();
});

const dialog = () => dialogOf(page);
// With PICTURES=FOLDER, for the documentation.
const picture = (of, name) => process.env.PICTURES && of.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
const shown = () => terminal.locator('.xterm-rows').first().innerText();

test('a site with a gateway, its host and a credential', { skip: !root }, async () => {
  await goTo(page, 'Remote sites');
  await page.getByRole('button', { name: 'Add remote site' }).first().click();
  await dialog().getByLabel('Name', { exact: true }).fill('Acme Ltd');
  await dialog().getByRole('checkbox', { name: site.gateway_name }).check();
  await dialog().getByRole('button', { name: 'Add remote site' }).click();
  await page.getByText('The gateway is connected.').waitFor({ timeout: 60_000 });

  await goTo(page, 'Hosts');
  await page.getByRole('button', { name: 'Add host' }).first().click();
  await dialog().getByLabel('Name', { exact: true }).fill('web-1');
  await dialog().getByLabel('Address').fill('127.0.0.1');
  await dialog().getByLabel('Port').fill(String(site.host_port));
  await dialog().getByRole('button', { name: 'Add host' }).click();
  await page.getByRole('heading', { name: 'web-1', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Connect to web-1' }).click();
  await dialog().getByText('No credential for this host').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();

  await goTo(page, 'Credentials');
  await page.getByRole('button', { name: 'Add credential' }).first().click();
  await dialog().getByLabel('Name', { exact: true }).fill('a login');
  await dialog().getByLabel('Login', { exact: true }).fill(site.host_login);
  await dialog().getByLabel('Password', { exact: true }).last().fill(site.host_password);
  await dialog().getByLabel('For hosts').fill('*');
  await dialog().getByRole('button', { name: 'Add credential' }).click();
  await page.getByRole('heading', { name: 'a login', level: 1 }).waitFor();
});

test('one click leads to a shell', { skip: !root }, async () => {
  await goTo(page, 'Hosts');
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Connect to web-1' }).click();
  terminal = await opened;
  await until(async () => (await shown().catch(() => '')).includes('$'), 'the prompt', 60);
  assert.equal(new URL(terminal.url()).origin, site.gateway_url);
  assert.equal(new URL(terminal.url()).hash, '', 'the ticket has left the address bar');
  await terminal.keyboard.type("echo it wor''ks\n");
  await until(async () => (await shown()).includes('it works'), 'what the host answers');
});

test('an administrator looks on, and ends it', { skip: !root }, async () => {
  await goTo(page, 'Sessions');
  await page.getByRole('table', { name: 'Sessions, newest first' }).getByText('Live').waitFor();
  await accessible(page, 'sessions');
  await page.getByRole('link', { name: 'web-1' }).click();
  await page.getByRole('button', { name: 'Watch' }).click();
  await until(async () => (await page.locator('.player .xterm-rows').innerText()).includes('it works'), 'the picture', 30);
  await terminal.keyboard.type("echo looked''at\n");
  await until(async () => (await page.locator('.player .xterm-rows').innerText()).includes('lookedat'), 'what is typed meanwhile', 30);
  await accessible(page, 'a session that is watched');
  await picture(page, 'session-watched');
  await picture(terminal, 'session-terminal');
  await page.getByRole('button', { name: 'End now' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End now' }).click();
  await page.getByText('ended by force').first().waitFor({ timeout: 30_000 });
});

test('it is played back, searched, downloaded and commented', { skip: !root }, async () => {
  await page.getByText('Whole', { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByLabel('Search in the text').fill('LOOKEDAT');
  await page.locator('.player-findings button').first().click();
  await until(async () => (await page.locator('.player .xterm-rows').innerText()).includes('lookedat'), 'the place that was found');
  const seek = page.getByLabel('Place in the recording');
  await seek.focus();
  await page.keyboard.press('Home');
  assert.match(await seek.getAttribute('aria-valuetext'), /^0:00 of /);
  await page.keyboard.press('k');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await accessible(page, 'the player');

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const lines = readFileSync(await (await download).path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(lines[0].version, 2);
  assert.ok(lines.slice(1).some(([, kind, text]) => kind === 'o' && text.includes('it works')));

  await page.getByLabel('Comment', { exact: true }).fill('All right.');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.locator('.comments').getByText('All right.').waitFor();
});

test('no page broke the policy or threw', { skip: !root }, () => assert.deepEqual(complaints, []));
