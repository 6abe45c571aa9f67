// Pictures of every state, to be looked at: node test/browser/shots.mjs FOLDER
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desktop, launch, phone, visitor } from './browser.mjs';
import { Portal } from './portal.mjs';

const out = process.argv[2] ?? 'shots';
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const looks = [
  { name: 'desktop-light', viewport: desktop, colorScheme: 'light' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark', deviceScaleFactor: 2 },
  { name: 'phone-light-de', viewport: phone, colorScheme: 'light', deviceScaleFactor: 2, locale: 'de-DE' },
  { name: 'desktop-dark-ja', viewport: desktop, colorScheme: 'dark', locale: 'ja-JP' },
  {
    name: 'desktop-light-fr-branded',
    viewport: desktop,
    colorScheme: 'light',
    locale: 'fr-FR',
    branded: true,
  },
];
const content = {
  text: 'Hello,\n\nhere is the access to the new file server. Please change the password at your first sign-in, and keep the recovery codes in the safe.\n\nGood luck with the move!',
  fields: [
    { name: 'Address', value: 'https://files.northwind.example', secret: false },
    { name: 'User name', value: 'administrator', secret: false },
    { name: 'Password', value: 'tR0ub4dor&3-Il1O0', secret: true },
    { name: 'Recovery PIN', value: '804 117', secret: true },
  ],
  files: [
    { name: 'recovery-codes.txt', type: 'text/plain', data: Buffer.from('1834 0021 7719\n5520 1180 9043\n') },
    {
      name: 'a-rather-long-file-name-for-the-network-diagram-of-the-second-floor.pdf',
      type: 'application/pdf',
      data: randomBytes(812_345),
    },
  ],
};
const branding = {
  name: 'Northwind IT',
  colour: '#0a7a3d',
  help: 'Questions? Northwind Service Desk, telephone 555 0100, weekdays 8 to 18.',
};

async function shoot(page, look, state) {
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(out, `${look.name}-${state}.png`), fullPage: true });
}

const press = (page) => page.locator('form button').click();

async function tour(browser, look) {
  const portal = await new Portal(dist, look.branded ? { branding } : {}).start();
  const page = await visitor(browser, look);
  const fresh = async (link) => {
    await page.goto('about:blank');
    await page.goto(link);
  };
  const plain = await portal.put(content, { sender: 'Northwind Service Desk', grace: 0 });
  await fresh(plain.link);
  await page.locator('form').waitFor();
  await shoot(page, look, '1-ready');

  const locked = await portal.put(content, {
    sender: 'Northwind Service Desk',
    passphrase: 'x',
    views: 3,
    attempts: 3,
  });
  await fresh(locked.link);
  await page.locator('#passphrase').fill('correct horse battery');
  await shoot(page, look, '2-passphrase');
  await press(page);
  await shoot(page, look, '3-working');
  await page.locator('#notice:not(:empty)').waitFor();
  await shoot(page, look, '4-wrong');
  await page.locator('#passphrase').fill('x');
  await press(page);
  await page.locator('section.message').waitFor();
  await shoot(page, look, '5-message');
  await page.locator('dd.secret + dd button').first().click();
  await page.locator('.files button[aria-expanded]').click();
  await page.locator('button.danger').first().click();
  await shoot(page, look, '6-opened');
  await page.reload();
  await page.locator('#passphrase').waitFor();
  await shoot(page, look, '7-again');
  await page.locator('#passphrase').fill('x');
  await press(page);
  await page.locator('section.message').waitFor();
  await page.locator('button.danger').first().click();
  await page.locator('button.filled').click();
  await page.locator('[role=status]').waitFor();
  await shoot(page, look, '8-destroyed');

  await fresh(plain.link);
  await page.locator('form').waitFor();
  await press(page);
  await page.locator('section.message').waitFor();
  await page.locator('.endings .primary').click();
  await page.locator('[role=status]').waitFor();
  await shoot(page, look, '9-saved');
  await fresh(plain.link);
  await page.locator('[role=status]').waitFor();
  await shoot(page, look, '10-gone');
  await fresh(plain.link.slice(0, -3));
  await shoot(page, look, '11-incomplete');

  const many = await portal.put(content, { views: 2 });
  portal.faults = { reveal: 429 };
  await fresh(many.link);
  await page.locator('form').waitFor();
  await press(page);
  await page.locator('#notice:not(:empty)').waitFor();
  await shoot(page, look, '12-too-many');
  portal.faults = { stall: true };
  await fresh(many.link);
  await page.locator('form').waitFor();
  await press(page);
  await page.locator('progress[value]').waitFor();
  await shoot(page, look, '13-receiving');
  portal.faults = { cut: true };
  await fresh(many.link);
  await page.locator('form').waitFor();
  await press(page);
  await page.locator('main > button').waitFor();
  await shoot(page, look, '14-interrupted');
  portal.faults = { damage: true };
  await page.locator('main > button').click();
  await page.waitForTimeout(300);
  await shoot(page, look, '15-damaged');
  await page.context().close();
  await portal.stop();
}

mkdirSync(out, { recursive: true });
const browser = await launch();
for (const look of looks) await tour(browser, look);
await browser.close();
