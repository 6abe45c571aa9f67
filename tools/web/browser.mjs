// Chromium, and pages that fail a test on any error or breach of the policy.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-dev-shm-usage',
];

/** By the page's own playwright. */
export function launch(chromium) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: switches });
}

export const desktop = { width: 1100, height: 820 };
export const phone = { width: 360, height: 740 };

/** A page in a session of its own; `page.problems` collects what must stay empty. */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({
    viewport: desktop,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    permissions: ['clipboard-read', 'clipboard-write'],
    ignoreHTTPSErrors: true,
    ...options,
  });
  await context.addInitScript(() => {
    window.breaches = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.breaches.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (line) => {
    // The browser itself notes refused calls; those are part of the protocol.
    if (line.type() === 'error' && !/Failed to load resource/.test(line.text()))
      page.problems.push(line.text());
  });
  return page;
}

export async function problemsOf(page) {
  return [...page.problems, ...(await page.evaluate(() => window.breaches))];
}

export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), 'page-browser-'));
}
