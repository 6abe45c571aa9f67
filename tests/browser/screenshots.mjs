// Makes the pictures of the README from the real pages: node screenshots.mjs [FOLDER]

import { mkdirSync } from 'node:fs';
import { choosePassword, openWindow, sendMessage, signIn, startBrowser, startSite } from './flow.mjs';

const folder = process.argv[2] ?? new URL('../../docs/images', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const site = await startSite();
const browser = await startBrowser();
const window = { viewport: { width: 1280, height: 800 } };
const shot = (page, name) => page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });

try {
  const { page } = await openWindow(browser, window);
  await signIn(page, site, site.admin_password);
  await choosePassword(page, site.admin_password, 'correct horse battery staple');
  const file = { name: 'network-plan.txt', mimeType: 'text/plain', buffer: Buffer.from('plan\n'.repeat(4000)) };
  const message = {
    text: 'Hello Grace,\n\nthe door code for Saturday is 4711. The plan of the network is attached.',
    file,
    to: 'grace@example.com',
    name: 'Grace',
    subject: 'Access for Saturday',
  };
  const sent = await sendMessage(page, message, async (step) => {
    if (step === 'compose' || step === 'protection' || step === 'sent') await shot(page, step);
  });

  const guest = await openWindow(browser, window);
  await guest.page.goto(sent.url);
  await guest.page.getByRole('button', { name: 'Reveal message' }).waitFor();
  await shot(guest.page, 'recipient');
  await guest.page.getByRole('textbox', { name: 'Passphrase' }).fill(sent.passphrase);
  await guest.page.getByRole('button', { name: 'Reveal message' }).click();
  await guest.page.getByRole('region', { name: 'Message' }).getByText('4711').waitFor({ timeout: 60_000 });
  await shot(guest.page, 'revealed');
  await guest.page.getByRole('button', { name: 'I have saved it' }).click();
  await guest.page.getByRole('status', { name: 'This message is no longer available' }).waitFor();
  await shot(guest.page, 'gone');

  await sendMessage(page, { ...message, to: 'alan@example.com', name: 'Alan', subject: 'Your new account' });
  await page.getByRole('link', { name: 'Messages' }).first().click();
  await page.getByRole('link', { name: /Your new account/ }).waitFor();
  await page.getByText('Live', { exact: true }).first().waitFor();
  await shot(page, 'messages');
  await page.getByRole('link', { name: /Access for Saturday/ }).click();
  await page.getByText('Viewed', { exact: true }).first().waitFor();
  await shot(page, 'message');
  await page.getByRole('navigation').getByRole('link', { name: 'Sites' }).first().click();
  await page.getByText('selfdestruct').first().waitFor();
  await shot(page, 'sites');

  const phone = await openWindow(browser, { viewport: { width: 390, height: 780 }, colorScheme: 'dark', deviceScaleFactor: 2 });
  await phone.page.goto(sent.url.replace(/#.*/, `#${'A'.repeat(43)}`));
  await phone.page.getByRole('status').first().waitFor();
  await shot(phone.page, 'phone');
} finally {
  await browser.close();
  await site.end();
}
