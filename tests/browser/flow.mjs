// The ways of a person through the pages, by the names that a screen reader would read; shared by tests and screenshots.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const top = new URL('../..', import.meta.url).pathname;

/** A whole site of its own, with what `options` add: what harness/serve.py says about it, and `end`. */
export async function startSite(...options) {
  const python = spawn('/usr/bin/python3', ['-m', 'harness.serve', '--embedded', ...options], {
    env: { ...process.env, PYTHONPATH: join(top, 'tests') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => python.once('exit', done));
  const line = await Promise.race([
    new Promise((done) => createInterface(python.stdout).once('line', done)),
    ended.then((code) => Promise.reject(new Error(`the site did not start: exit ${code}`))),
  ]);
  const end = async () => {
    python.stdin.end();
    const code = await ended;
    if (code !== 0) throw new Error(`the site did not end well: exit ${code}`);
  };
  return { ...JSON.parse(line), end };
}

export function startBrowser() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
}

/** A browser window that collects what a page complained of: errors, refused scripts and styles, failed requests. */
export async function openWindow(browser, options = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, acceptDownloads: true, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints = [];
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
    });
  });
  page.on('console', (message) => {
    // Chromium logs every 4xx by itself; whether one is right is for the test to say.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return; // the page left, or had what it wanted
    complaints.push(`${request.method()} ${new URL(request.url()).pathname}: ${request.failure()?.errorText}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, complaints };
}

export async function signIn(page, site, password) {
  await page.goto(site.core_url);
  await page.getByLabel('Login').fill(site.admin_user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function choosePassword(page, old, fresh) {
  await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
  const oneTime = page.getByLabel('One-time password');
  if (await oneTime.isVisible()) await oneTime.fill(old);
  await page.getByLabel('New password', { exact: true }).fill(fresh);
  await page.getByLabel('New password again').fill(fresh);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
}

/** The dialog that is open; not the notices at the edge of the window, which are dialogs for a screen reader too. */
export const dialogOf = (page) => page.locator('.dialog[role=dialog]');

/** To a page by the navigation. */
export async function goTo(page, name) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

const next = (page) => page.getByRole('button', { name: 'Next' }).click();

/** Through the wizard; `atStep(name)` is called on each page. The link, and the words that go with it. */
export async function sendMessage(page, { text, file, to, name, subject }, atStep = async () => {}) {
  await page.getByRole('navigation').getByRole('link', { name: 'Messages' }).first().click();
  await page.getByRole('link', { name: 'New message' }).or(page.getByRole('button', { name: 'New message' })).first().click();
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByText('Uploaded').waitFor();
  await atStep('compose');
  await next(page);
  await page.getByLabel('Mail address').fill(to);
  await page.getByLabel('First name').fill(name);
  await page.getByLabel('Subject').fill(subject);
  await atStep('recipient');
  await next(page);
  const words = page.getByRole('textbox', { name: 'Passphrase', exact: true });
  await page.waitForFunction((input) => input.value.split(' ').length === 6, await words.elementHandle());
  const passphrase = await words.inputValue();
  await atStep('protection');
  await next(page);
  await atStep('review');
  await page.getByRole('button', { name: /Send message|Create link/ }).click();
  await page.getByRole('heading', { name: 'The message is on its way' }).waitFor();
  const url = await page.getByLabel('Link', { exact: true }).inputValue();
  await atStep('sent');
  return { url, passphrase };
}

/** What stands in the Maildir for an address: the raw mails. */
export function mailsTo(site, address) {
  const folder = join(site.mail_dir, 'new');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((mail) => mail.includes(`X-Envelope-To: ${address}`));
}

export async function until(condition, what, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Fails with what axe finds. */
export async function accessible(page, where) {
  await settled(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).join(' | ')}`);
  assert.deepEqual(told, [], `axe on ${where}`);
}

/** Once nothing fades in any more: what is half there has half of its contrast. */
async function settled(page) {
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime));
    return Promise.allSettled(ending.map((one) => one.finished));
  });
}
