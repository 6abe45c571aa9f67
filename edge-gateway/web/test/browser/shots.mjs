// Pictures of the terminal, to be looked at: node test/browser/shots.mjs FOLDER
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desktop, launch, phone, visitor } from './browser.mjs';
import { Gateway } from './gateway.mjs';

const out = process.argv[2] ?? 'shots';
const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const prompt = '\x1b[1;32mmary@db-1\x1b[0m:\x1b[1;34m~\x1b[0m$ ';
const screen = [
  'Linux db-1 6.1.0-28-amd64 x86_64',
  'Last login: Thu Nov 26 08:12:40 2026 from 10.20.0.5',
  `${prompt}systemctl --failed`,
  '  UNIT                 LOAD   ACTIVE SUB    DESCRIPTION',
  '\x1b[1;31m●\x1b[0m backup-nightly.service loaded \x1b[1;31mfailed\x1b[0m failed Nightly backup',
  '',
  `${prompt}df -h /var`,
  'Filesystem      Size  Used Avail Use% Mounted on',
  '/dev/sda2        98G   91G  2.1G  98% /var',
  prompt,
].join('\r\n');
const files = {
  'backup-2026-11-26.log': Buffer.alloc(48_213),
  'notes.txt': Buffer.alloc(812),
  'restore.sh': Buffer.alloc(2_114),
};

async function picture(browser, name, { options = {}, ready = {}, act = async () => {} }) {
  const gateway = await new Gateway(dist).start();
  const page = await visitor(browser, { viewport: desktop, ...options });
  await page.goto(gateway.ticket({ title: 'db-1.northwind.example', files, ...ready }));
  await page.locator('.facts span').first().waitFor();
  gateway.session.folders.add('archive');
  gateway.session.print(screen);
  await page.waitForTimeout(300);
  await act(page, gateway);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.context().close();
  await gateway.stop();
}

const press =
  (...keys) =>
  async (page) => {
    for (const key of keys) await page.keyboard.press(key);
  };
const theme = (name) => async (page) => {
  await page.getByRole('button', { name: /Settings|設定/ }).click();
  await page.locator('select').first().selectOption(name);
  await page.keyboard.press('Escape');
};

mkdirSync(out, { recursive: true });
const browser = await launch();
await picture(browser, 'terminal', {});
await picture(browser, 'terminal-files', { act: press('Alt+Shift+S') });
await picture(browser, 'terminal-light', { act: theme('light') });
await picture(browser, 'terminal-contrast', { act: theme('contrast') });
await picture(browser, 'terminal-help', { act: press('Alt+Shift+H') });
await picture(browser, 'terminal-settings-ja', {
  options: { locale: 'ja-JP' },
  act: (page) => page.getByRole('button', { name: '設定' }).click(),
});
await picture(browser, 'terminal-ended-de', {
  options: { locale: 'de-DE' },
  act: (_, gateway) => gateway.session.end('host_key'),
});
await picture(browser, 'terminal-paste', {
  act: async (page) => {
    await page.evaluate(() => navigator.clipboard.writeText('cd /var/backups\nrm -rf old\n./restore.sh\n'));
    await page.keyboard.press('Control+Shift+V');
  },
});
await picture(browser, 'terminal-phone', { options: { viewport: phone, hasTouch: true, isMobile: true } });
await picture(browser, 'terminal-phone-light', {
  options: { viewport: phone, hasTouch: true, isMobile: true },
  act: theme('light'),
});
await picture(browser, 'terminal-phone-files', {
  options: { viewport: phone, hasTouch: true, isMobile: true },
  act: press('Alt+Shift+S'),
});
await picture(browser, 'terminal-tabs', {
  act: async (page, gateway) => {
    for (const title of ['web-1.northwind.example', 'mail.northwind.example'])
      await page.evaluate(
        (hash) => {
          window.location.hash = hash;
        },
        new URL(gateway.ticket({ title, recorded: false })).hash,
      );
    await page.waitForTimeout(400);
    gateway.session.say({ type: 'warning', code: 'limit', left_ms: 300_000 });
  },
});
await browser.close();
