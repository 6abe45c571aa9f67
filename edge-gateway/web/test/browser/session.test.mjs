import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { visitor } from './browser.mjs';
import {
  browser,
  button,
  connect,
  dialog,
  facts,
  gateway,
  page,
  rows,
  says,
  status,
  typed,
  until,
} from './stage.mjs';

const axe = async () => {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    found.violations.map((each) => [each.id, each.nodes.map((node) => node.html)]),
    [],
  );
};

test('a ticket opens a terminal: what the host prints is seen, what is typed arrives', async () => {
  const session = await connect();
  session.print('welcome to \x1b[31mdb-1\x1b[0m\r\n$ ');
  await says(rows(), 'welcome to db-1');
  await page.keyboard.type('ls\n');

  await typed(session, 'ls\r');
  assert.match(await facts().textContent(), /Mary Miller.*Recorded.*(1:00:00|59:\d\d) left/);
});

test('the secret leaves the address at once, and no request but the first message carries it', async () => {
  const link = gateway.ticket();
  const key = link.split('.').at(-1);
  await page.goto(link);
  await says(facts(), 'northwind');

  assert.equal(await page.evaluate(() => window.location.href), `${gateway.origin}/s`);
  assert.equal(gateway.openings[0].secret, key);
  assert.equal(gateway.openings[0].v, 1);
  assert.ok(gateway.requests.every((url) => !url.includes(key)));
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]),
  );
  assert.ok(!kept.includes(key) && !kept.includes(gateway.session.resume), kept);
});

test('the way to the shell is told, the host key among it', async () => {
  await page.goto(gateway.ticket({ holdReady: true }));
  await says(status(), 'Checking the host’s key');
  gateway.session.end('host_key');

  await says(status(), 'Somebody may be posing as the host');
});

test('a ticket that is refused says what to do', async () => {
  await page.goto(`${gateway.origin}/s#${'A'.repeat(22)}.${'B'.repeat(43)}`);
  await says(status(), 'Press Connect at the core again');
});

test('an address without a ticket says so and connects to nothing', async () => {
  await page.goto(`${gateway.origin}/s#nonsense`);
  await says(page.locator('.word'), 'holds no ticket');
  assert.deepEqual(gateway.openings, []);
});

test('a lost network comes back with a new resume secret and nothing lost or shown twice', async () => {
  const session = await connect();
  session.print('one\r\n');
  await says(rows(), 'one');
  const first = session.resume;
  session.cut();
  session.print('two\r\n');
  await says(status(), 'Connected again');
  session.cut();
  session.print('three\r\n');
  await says(rows(), 'three');

  assert.match(await rows().textContent(), /^one\s*two\s*three\s*$/);
  assert.equal(gateway.openings[1].resume, first);
  assert.notEqual(gateway.openings[2].resume, first);
});

test('the page says that the network is away and does not send what is typed meanwhile', async () => {
  const session = await connect();
  gateway.refusing = true;
  session.cut();
  await says(status(), 'what you type now is not sent');
  await page.keyboard.type('rm');
  gateway.refusing = false;
  await says(status(), 'Connected again');
  await page.keyboard.type('ok');

  await typed(session, 'ok');
  assert.equal(session.typed, 'ok');
});

test('a page that is loaded again comes back to its session', async () => {
  const session = await connect();
  session.print('before\r\n');
  await says(rows(), 'before');
  await page.reload();
  await says(facts(), 'northwind');
  session.print('after\r\n');

  await says(rows(), 'after');
  await says(status(), 'The session goes on');
});

test('every end is told with its reason', async () => {
  const ends = [
    ['logout', { exit: 3 }, 'status 3'],
    ['terminated', { by: 'Ada Admin' }, 'Ada Admin ended the session'],
    ['idle', {}, 'Nothing was typed for too long'],
    ['unreachable', {}, 'cannot reach the host'],
    ['credential', {}, 'refused the credential'],
    ['no such reason', {}, 'The gateway failed'],
  ];
  for (const [reason, more, words] of ends) {
    const session = await connect();
    session.end(reason, more);
    await says(status(), words);
    await page.goto('about:blank');
  }
});

test('warnings count down, and a key calms the one for idleness', async () => {
  const session = await connect();
  session.say({ type: 'warning', code: 'limit', left_ms: 300_000 });
  await says(status(), 'reaches its limit in 5:00');
  session.say({ type: 'warning', code: 'idle', left_ms: 60_000 });
  await says(status(), 'Press a key to go on');
  await page.keyboard.type('x');
  await until(
    () => status().textContent(),
    (text) => text === '',
  );
});

test('who looks on is shown', async () => {
  const session = await connect();
  session.say({ type: 'watched', by: 'Ada Admin' });
  await says(facts(), 'Ada Admin is watching');
  session.say({ type: 'watched', by: null });
  await until(
    () => facts().textContent(),
    (text) => !text.includes('watching'),
  );
});

test('many lines are pasted only after they were shown', async () => {
  const session = await connect();
  await page.evaluate(() => navigator.clipboard.writeText('one\r\ntwo\x1b[201~\n'));
  await page.locator('.xterm').click();
  await page.keyboard.press('Control+Shift+V');
  await says(dialog(), 'Paste 2 lines?');
  await axe();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  assert.equal(session.typed, '');
  await page.keyboard.press('Control+Shift+V');
  await dialog().getByRole('button', { name: 'Paste' }).click();

  await typed(session, 'two');
  assert.equal(session.typed, 'one\rtwo[201~\r');
});

test('a large paste arrives whole, in messages that the gateway takes', async () => {
  const session = await connect();
  await page.evaluate(() => navigator.clipboard.writeText('é'.repeat(100_000)));
  await page.keyboard.press('Control+Shift+V');
  await dialog().getByRole('button', { name: 'Paste' }).click();

  await until(
    () => Buffer.byteLength(session.typed),
    (bytes) => bytes >= 200_000,
  );
});

test('rights are kept: without input nothing is typed, without copy nothing is copied', async () => {
  const none = { input: false, paste: false, copy: false, upload: false, download: false };
  const session = await connect({ rights: none });
  await page.keyboard.type('whoami');
  session.print('\x1b[6n');
  await says(facts(), 'Read only');

  assert.equal(session.typed, '');
  for (const name of ['Copy', 'Paste', 'Files']) assert.ok(await button(name).isDisabled(), name);
});

test('several tickets are tabs of one page, by link and from another window', async () => {
  const first = await connect({ title: 'one.example.northwind' });
  const other = await page.context().newPage();
  const closed = other.waitForEvent('close').catch(() => {});
  await other.goto(gateway.ticket({ title: 'two.example.northwind' })).catch(() => {});
  await says(page.getByRole('tablist'), 'two.example');
  await Promise.race([closed, says(other.locator('.word'), 'your other terminal window')]);
  await page.evaluate(
    (hash) => {
      window.location.hash = hash;
    },
    new URL(gateway.ticket({ title: 'three.example.northwind' })).hash,
  );
  await says(page.getByRole('tablist'), 'three.example');

  assert.equal(await page.getByRole('tab').count(), 3);
  assert.equal(gateway.sessions.size, 3);
  await page.getByRole('tab', { name: 'one.example' }).click();
  await page.locator('.session:not([hidden]) .xterm').click();
  await page.keyboard.type('to the first');
  await typed(first, 'to the first');
  assert.equal(gateway.session.typed, '');
  await axe();
});

test('ten tabs hold ten sessions apart', async () => {
  await connect({ title: 'northwind-0' });
  for (let number = 1; number < 10; number++)
    await page.evaluate(
      (hash) => {
        window.location.hash = hash;
      },
      new URL(gateway.ticket({ title: `northwind-${number}` })).hash,
    );
  await until(
    () => page.getByRole('tab').count(),
    (count) => count === 10,
  );
  await until(
    () => gateway.sessions.size,
    (size) => size === 10,
  );
  for (const session of gateway.sessions.values()) session.print(`this is ${session.ready.title}`);
  for (let number = 0; number < 10; number++) {
    await page.getByRole('tab', { name: `northwind-${number}`, exact: true }).click();
    await says(rows(), `this is northwind-${number}`);
  }
});

test('a session is ended after a question, by keys alone', async () => {
  const session = await connect();
  await page.locator('.xterm').click();
  await page.keyboard.press('Alt+Shift+M');
  for (let step = 0; step < 10; step++) {
    if ((await page.evaluate(() => document.activeElement?.textContent)) === 'End session') break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await says(dialog(), 'What runs in it is stopped');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');

  await says(status(), 'You ended the session');
  assert.ok(session.over);
});

test('help shows the keys; settings change size, colours and language', async () => {
  await connect();
  await page.keyboard.press('Alt+Shift+H');
  await says(dialog(), 'Ctrl+Shift+C');
  await axe();
  await page.keyboard.press('Escape');
  await button('Settings').click();
  await axe();
  for (const theme of ['light', 'contrast', 'dark']) {
    await page.getByLabel('Colours').selectOption(theme);
    await axe();
  }
  const columns = gateway.session.sizes.at(-1)[0];
  await page.getByLabel('Font size').fill('24');
  await page.getByLabel('Font size').press('Tab');
  await until(
    () => gateway.session.sizes.at(-1)[0],
    (now) => now < columns,
  );
  await page.getByLabel('Language', { exact: true }).selectOption('de');
  await page.keyboard.press('Escape');
  await says(page.getByRole('toolbar').first(), 'Einfügen');
});

test('what scrolled by is found', async () => {
  const session = await connect();
  session.print('needle\r\n'.concat('hay\r\n'.repeat(200)));
  await says(rows(), 'hay');
  await page.keyboard.press('Alt+Shift+F');
  await page.keyboard.type('needle');
  await page.keyboard.press('Enter');
  await says(rows(), 'needle');
});

test('the extra keys type what they say, with Ctrl and Alt for the next key', async () => {
  const session = await connect();
  await page.setViewportSize({ width: 760, height: 900 });
  await button('Escape').click();
  await button('Ctrl').click();
  await page.keyboard.type('c');
  await button('Alt').click();
  await button('/').click();
  await button('Up').click();

  await typed(session, '\x1b[A');
  assert.equal(session.typed, '\x1b\x03\x1b/\x1b[A');
  await axe();
});

test('it works at the width of a phone', async () => {
  await connect();
  await page.setViewportSize({ width: 360, height: 740 });
  await axe();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${wide}`);
});

test('the terminal has its colours and its font under the strict policy', async () => {
  const session = await connect();
  session.print('\x1b[38;2;10;200;30mGREEN\x1b[0m');
  await says(rows(), 'GREEN');
  const look = await page.evaluate(() => {
    const span = [...document.querySelectorAll('.xterm-rows span')].find((each) =>
      each.textContent.includes('GREEN'),
    );
    const style = getComputedStyle(span);
    return { colour: style.color, font: style.fontFamily };
  });
  assert.equal(look.colour, 'rgb(10, 200, 30)');
  assert.match(look.font, /monospace/);
});

test('another origin is not needed: the page speaks to its own gateway alone', async () => {
  const other = await visitor(browser);
  await other.goto(`${gateway.origin}/s`);
  const blocked = await other.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective));
        fetch('http://127.0.0.2:9/').catch(() => {});
      }),
  );
  assert.equal(blocked, 'connect-src');
  await other.context().close();
});

test('a page that the browser suspended comes back with nothing lost and little waiting', async () => {
  const session = await connect();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Page.setWebLifecycleState', { state: 'frozen' });
  session.print(`${'suspended\r\n'.repeat(300_000)}THE LAST LINE\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await tools.send('Page.setWebLifecycleState', { state: 'active' });
  await says(rows(), 'THE LAST LINE');

  assert.ok(session.most <= 1024 * 1024 + 64 * 1024, `${session.most} bytes under way`);
});

test('a suspended page whose connection is gone comes back with a resume', async () => {
  const session = await connect();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Page.setWebLifecycleState', { state: 'frozen' });
  session.cut();
  session.print('while you slept\r\n');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await tools.send('Page.setWebLifecycleState', { state: 'active' });
  await says(rows(), 'while you slept');
});

test('the bell flashes, or is still, as the settings say', async () => {
  const session = await connect();
  const rang = () => page.locator('main.bell').count();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Bell').selectOption('none');
  await page.keyboard.press('Escape');
  session.print('\x07silent');
  await says(rows(), 'silent');
  assert.equal(await rang(), 0);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Bell').selectOption('visual');
  await page.keyboard.press('Escape');
  session.print('\x07');
  await until(rang, (count) => count === 1);
});

test('a selection is copied', async () => {
  const session = await connect();
  session.print('copy me');
  await says(rows(), 'copy me');
  const place = await page.locator('.xterm-screen').boundingBox();
  await page.mouse.dblclick(place.x + 12, place.y + 8);
  await page.keyboard.press('Control+Shift+C');
  await says(page.locator('.word'), 'Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'copy');
});

test('what a host does to its title takes no focus away', async () => {
  const session = await connect();
  await page.keyboard.press('Alt+Shift+M');
  await page.keyboard.press('Tab');
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  assert.equal(await focused(), 'Paste');
  session.print('\x1b]2;another\x07');
  await until(
    () => page.title(),
    (title) => title.includes('another'),
  );

  assert.equal(await focused(), 'Paste');
});
