// An administrator of client sites, in a real browser, against the real programs: remote sites, hosts, credentials.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, choosePassword, dialogOf, goTo, openWindow, signIn, startBrowser, startSite } from './flow.mjs';

const password = 'correct horse battery staple';
const secret = 'not for eyes 4711';
let site;
let browser;
let page;
let complaints;

before(async () => {
  site = await startSite();
  browser = await startBrowser();
  ({ page, complaints } = await openWindow(browser));
  await signIn(page, site, site.admin_password);
  await choosePassword(page, site.admin_password, password);
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await site?.end();
});

const dialog = () => dialogOf(page);

test('empty pages tell what to do', async () => {
  for (const [name, title] of [['Hosts', 'No host yet'], ['Credentials', 'No credential yet'], ['Remote sites', 'No remote site yet']]) {
    await goTo(page, name);
    await page.getByRole('heading', { name: title }).waitFor();
    await accessible(page, `${name}, empty`);
  }
});

test('a remote site is added, and its settings are checked and kept', async () => {
  await goTo(page, 'Remote sites');
  await page.getByRole('button', { name: 'Add remote site' }).first().click();
  await accessible(page, 'add remote site');
  await dialog().getByRole('button', { name: 'Add remote site' }).click();
  await dialog().getByText('Give the remote site a name.').waitFor();
  await dialog().getByLabel('Name', { exact: true }).fill('Acme Ltd');
  await dialog().getByRole('button', { name: 'Add remote site' }).click();
  await page.getByRole('heading', { name: 'Acme Ltd', level: 1 }).waitFor();

  await page.getByLabel('Ends when idle for').fill('soon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Write a number and m, h or d').waitFor();
  await page.getByLabel('Ends when idle for').fill('30m');
  await page.getByLabel('Allowed networks').fill('10.0.0.0/8\n2001:db8::/32');
  await page.getByRole('checkbox', { name: 'Maintenance window' }).check();
  await page.getByRole('checkbox', { name: 'Ask for a reason' }).check();
  await accessible(page, 'a remote site');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('30 minutes idle, 8 hours in all').waitFor();
  await page.reload();
  await page.getByRole('checkbox', { name: 'Ask for a reason' }).waitFor();
  assert.equal(await page.getByLabel('Allowed networks').inputValue(), '10.0.0.0/8\n2001:db8::/32');
  assert.ok(await page.getByRole('checkbox', { name: 'Sun' }).isChecked());
});

test('what is not saved is not lost by a slip', async () => {
  await page.getByLabel('Notes').fill('call before noon');
  await page.getByRole('link', { name: 'All remote sites' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.getByLabel('Notes').inputValue(), 'call before noon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').first().waitFor();
});

test('many remote sites are changed at once', async () => {
  await goTo(page, 'Remote sites');
  await page.getByRole('button', { name: 'Add remote site' }).first().click();
  await dialog().getByLabel('Name', { exact: true }).fill('Bolt Inc');
  await dialog().getByRole('button', { name: 'Add remote site' }).click();
  await page.getByRole('heading', { name: 'Bolt Inc', level: 1 }).waitFor();
  await goTo(page, 'Remote sites');
  await page.getByRole('checkbox', { name: 'All' }).check();
  await page.getByText('2 sites chosen').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog().getByRole('button', { name: 'Change', exact: true }).click();
  await dialog().getByText('Tick at least one thing to change.').waitFor();
  await dialog().getByRole('checkbox', { name: 'Limits' }).check();
  await dialog().getByLabel('Ends in any case after').fill('2h');
  await accessible(page, 'a change of many');
  await dialog().getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('2 remote sites changed').waitFor();
  await page.getByText('2 hours in all').nth(1).waitFor();

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  assert.equal((await download).suggestedFilename(), 'sallyport-sites.csv');
});

test('a host is added by a form', async () => {
  await goTo(page, 'Hosts');
  await page.getByRole('button', { name: 'Add host' }).first().click();
  await dialog().getByRole('button', { name: 'Add host' }).click();
  await dialog().getByText('Give the host a name.').waitFor();
  await dialog().getByText('Choose the remote site that it stands in.').waitFor();
  await dialog().getByLabel('Name', { exact: true }).fill('web-1.acme.example');
  await dialog().getByLabel('Remote site').selectOption('Acme Ltd');
  await dialog().getByLabel('Address').fill('10.1.2.3');
  await dialog().getByLabel('Folder').fill('Linux/Web');
  await dialog().getByLabel('Tags').fill('web, production');
  await accessible(page, 'add host');
  await dialog().getByRole('button', { name: 'Add host' }).click();
  await page.getByRole('heading', { name: 'web-1.acme.example', level: 1 }).waitFor();
  await page.getByText('Linux/Web').waitFor();
  await accessible(page, 'a host');
});

async function chooseCsv(lines) {
  const buffer = Buffer.from(lines.join('\r\n'));
  await page.locator('input[type=file]').setInputFiles({ name: 'hosts.csv', mimeType: 'text/csv', buffer });
}

test('hosts are imported once every line is right', async () => {
  await goTo(page, 'Hosts');
  await page.getByRole('link', { name: 'Import CSV' }).first().click();
  await page.getByRole('heading', { name: 'Import hosts' }).waitFor();
  const head = 'name,site,address,port,protocol,folder,tags';
  await chooseCsv([head, 'db-1.acme.example,Acme Ltd,10.1.2.4,22,ssh,Linux/Databases,db', 'dc-1.acme.example,Nowhere,10.1.2.5,99999,rdp,Windows,']);
  await page.getByText('nothing can be imported yet').waitFor();
  const problems = page.getByRole('table', { name: 'What is wrong, by line' });
  assert.ok((await problems.getByRole('row').count()) >= 2);
  await problems.getByRole('cell', { name: '3', exact: true }).first().waitFor();
  await accessible(page, 'import with problems');
  assert.ok(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled());

  await chooseCsv([head, 'db-1.acme.example,Acme Ltd,10.1.2.4,22,ssh,Linux/Databases,db', 'dc-1.acme.example,Acme Ltd,10.1.2.5,3389,rdp,Windows,']);
  await page.getByText('2 hosts would be added').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('2 hosts added').waitFor();
  await page.getByRole('link', { name: 'dc-1.acme.example' }).waitFor();
});

test('hosts are found by folder, tag, protocol and words', async () => {
  const table = page.getByRole('table', { name: 'Hosts' });
  const rows = async (count) => {
    await page.waitForFunction((wanted) => document.querySelectorAll('tbody tr').length === wanted, count);
  };
  await rows(3);
  await accessible(page, 'hosts');
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: /^Linux/ }).click();
  await rows(2);
  await page.getByRole('button', { name: 'Open folder Linux' }).or(page.getByRole('button', { name: 'Close folder Linux' })).waitFor();
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: /^All hosts/ }).click();
  await page.getByRole('button', { name: 'RDP' }).click();
  await rows(1);
  await table.getByRole('link', { name: 'dc-1.acme.example' }).waitFor();
  await page.getByRole('button', { name: 'RDP' }).click();
  await table.getByRole('link', { name: 'production' }).click();
  await rows(1);
  await page.getByRole('button', { name: 'Tag: production' }).click();
  await page.getByLabel('Search name, address, tag or notes').fill('nothing like this');
  await page.getByRole('heading', { name: 'No host fits' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await rows(3);
});

test('many hosts are changed and removed at once', async () => {
  await page.getByRole('checkbox', { name: 'Choose db-1.acme.example' }).check();
  await page.getByRole('checkbox', { name: 'Choose dc-1.acme.example' }).check();
  await page.getByText('2 hosts chosen').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog().getByRole('checkbox', { name: 'Tags' }).check();
  await dialog().getByRole('button', { name: 'Change', exact: true }).click();
  await dialog().getByText('Name at least one tag to add or to remove.').waitFor();
  await dialog().getByLabel('Add tags').fill('audited');
  await dialog().getByRole('checkbox', { name: 'Folder' }).check();
  await dialog().getByLabel('Folder').last().fill('Archive');
  await accessible(page, 'a change of many hosts');
  await dialog().getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('2 hosts changed').waitFor();
  await page.getByRole('link', { name: 'audited' }).nth(1).waitFor();
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: /^Archive/ }).waitFor();

  await page.getByRole('checkbox', { name: 'Choose dc-1.acme.example' }).check();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('alertdialog').getByText('Remove 1 host?').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove hosts' }).click();
  await page.getByText('1 host removed').waitFor();
  await page.getByRole('link', { name: 'dc-1.acme.example' }).waitFor({ state: 'detached' });
});

test('a credential is added, and shown only after a question', async () => {
  await goTo(page, 'Credentials');
  await page.getByRole('button', { name: 'Add credential' }).first().click();
  await dialog().getByRole('button', { name: 'Add credential' }).click();
  await dialog().getByText('Enter the password.').waitFor();
  await dialog().getByLabel('Name', { exact: true }).fill('Acme web servers');
  await dialog().getByLabel('Login', { exact: true }).fill('root');
  await dialog().getByLabel('Password', { exact: true }).last().fill(secret);
  await dialog().getByLabel('For hosts').fill('web-*\ndb-*');
  await dialog().getByLabel('But not for').fill('db-1*');
  await dialog().getByText('1 host fits').waitFor();
  await accessible(page, 'add credential');
  await dialog().getByRole('button', { name: 'Add credential' }).click();
  await page.getByRole('heading', { name: 'Acme web servers', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'web-1.acme.example' }).waitFor();
  await accessible(page, 'a credential');

  await page.getByRole('button', { name: 'Reveal' }).click();
  assert.ok(!(await page.content()).includes(secret), 'not shown before the question was answered');
  await dialog().getByRole('button', { name: 'Reveal' }).click();
  const shown = dialog().getByLabel('Password');
  await shown.waitFor();
  assert.equal(await shown.inputValue(), secret);
  await accessible(page, 'a revealed credential');
  await dialog().getByRole('button', { name: 'Done' }).click();
  assert.ok(!(await page.content()).includes(secret), 'gone with the dialog');
});

test('a right is given until a day, and taken away', async () => {
  await page.getByRole('button', { name: 'Give a right' }).click();
  await dialog().getByLabel('Person').fill('nobody.at.all');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('Choose a person.').waitFor();
  await dialog().getByLabel('Person').fill(site.admin_user);
  await page.waitForFunction(() => document.querySelectorAll('datalist option').length === 1);
  await dialog().getByLabel('Until').fill('2001-01-01');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().getByText('That is over already.').waitFor();
  await dialog().getByLabel('Until').fill('2099-12-31');
  await accessible(page, 'give a right');
  await dialog().getByRole('button', { name: 'Save' }).click();
  const table = page.getByRole('table', { name: 'Who may do what' });
  await table.getByText('31 Dec 2099').waitFor();
  await table.getByRole('button', { name: 'Take away' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).click();
  await page.getByText('Rights taken away').waitFor();
});

test('a dialog keeps the focus and gives it back', async () => {
  await goTo(page, 'Hosts');
  const opener = page.getByRole('button', { name: 'Add host' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  for (let i = 0; i < 25; i++) await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.dialog') !== null));
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  assert.ok(await opener.evaluate((button) => button === document.activeElement));
});

test('the pages fit a dark phone', async () => {
  const phone = await openWindow(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true });
  await signIn(phone.page, site, password);
  await phone.page.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
  for (const [path, heading] of [['/hosts', 'Hosts'], ['/remote-sites', 'Remote sites'], ['/credentials', 'Credentials'], ['/hosts/import', 'Import hosts']]) {
    await phone.page.goto(site.core_url + path);
    await phone.page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await phone.page.waitForLoadState('networkidle').catch(() => undefined);
    await accessible(phone.page, `${heading} on a phone`);
    const wider = await phone.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wider, 0, `${heading} does not scroll sideways`);
  }
  assert.deepEqual(phone.complaints, []);
});

test('no page broke the policy or threw', () => assert.deepEqual(complaints, []));
