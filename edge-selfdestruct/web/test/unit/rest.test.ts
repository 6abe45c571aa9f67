import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeStatus } from '../../src/api.ts';
import { contrast, darkAccent, decodeBranding, lightAccent } from '../../src/branding.ts';
import { pictureType, previewOf, safeName } from '../../src/files.ts';
import { choose, formatsOf, languages, minutes, textsOf } from '../../src/i18n/index.ts';

function attachment(name: string, text: string) {
  return { name, type: 'text/plain', size: text.length, data: new Blob([text]) };
}

const status = {
  views_left: 1,
  views: 1,
  expires_at: '2030-01-02T03:04:05Z',
  sender: null,
  passphrase: { salt: 'AAAAAAAAAAAAAAAAAAAAAA', memory_kib: 65536, passes: 3 },
  attempts_left: 5,
  size: 1808,
  grace_until: null,
};

test('every language says every sentence in its own words', () => {
  const same = new Set(['title', 'message', 'preview', 'hidden']);
  const english = textsOf('en');
  for (const language of languages) {
    const texts = textsOf(language);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
    for (const [name, value] of Object.entries(texts)) {
      const said = typeof value === 'function' ? value(2, 3) : value;
      assert.ok(said.trim() !== '' && !said.includes('undefined'), `${language} ${name}`);
      const inEnglish = Object.entries(english).find(([other]) => other === name)?.[1];
      if (language !== 'en' && !same.has(name) && typeof value === 'string')
        assert.notEqual(value, inEnglish, `${language} ${name}`);
    }
  }
});

test('the names that tests of the whole product look for stay as they are', () => {
  const { reveal, passphrase, message, destroy, goneTitle } = textsOf('en');
  assert.deepEqual(
    [reveal, passphrase, message, destroy, goneTitle],
    ['Reveal message', 'Passphrase', 'Message', 'Destroy now', 'This message is no longer available'],
  );
});

test('the language is the first wanted that is offered', () => {
  assert.equal(choose(['nl', 'de-AT', 'fr'], languages), 'de');
  assert.equal(choose(['ja-JP'], ['fr', 'es']), 'fr');
  assert.equal(choose([], languages), 'en');
});

test('times and sizes are written for people', () => {
  assert.deepEqual([minutes(59_001), minutes(900_000), minutes(-5)], ['1:00', '15:00', '0:00']);
  assert.equal(formatsOf('en').bytes(2_345_678), '2.3 MB');
});

test('a status of another form is refused', () => {
  assert.equal(decodeStatus(status).ok, true);
  assert.equal(decodeStatus({ ...status, passphrase: null }).ok, true);
  assert.equal(decodeStatus({ ...status, views_left: '1' }).ok, false);
  assert.equal(decodeStatus({ ...status, expires_at: 'soon' }).ok, false);
  assert.equal(decodeStatus({ ...status, sender: 1 }).ok, false);
  assert.equal(decodeStatus(null).ok, false);
});

test('Argon2 settings out of bounds are refused', () => {
  for (const other of [
    { memory_kib: 1024 },
    { memory_kib: 1024 * 1024 + 1 },
    { passes: 0 },
    { passes: 17 },
    { salt: 'AAAA' },
  ]) {
    assert.equal(decodeStatus({ ...status, passphrase: { ...status.passphrase, ...other } }).ok, false);
  }
});

test('a colour keeps its contrast in both themes', () => {
  for (const colour of [
    '#ffff00',
    '#000000',
    '#ffffff',
    '#2457c5',
    '#ff8800',
    '#7f7f7f',
    '#00ff00',
    '#330044',
  ]) {
    const [light, dark] = [lightAccent(colour), darkAccent(colour)];
    for (const surface of ['#ffffff', '#f5f6f8', '#eef0f4'])
      assert.ok(contrast(light.accent, surface) >= 4.5, colour);
    for (const surface of ['#151a21', '#0e1116', '#1c222b'])
      assert.ok(contrast(dark.accent, surface) >= 4.5, colour);
    for (const each of [light, dark]) {
      assert.ok(contrast(each.accent, each.on) >= 4.5, colour);
      assert.ok(contrast(each.hover, each.on) >= 4.5, colour);
    }
  }
});

test('branding of another form is left out', () => {
  const branding = decodeBranding({
    name: ' ',
    colour: 'red',
    help: 7,
    languages: ['de', 3],
    logo: '//elsewhere/x.png',
  });
  assert.deepEqual(branding, { name: 'Sallyport', colour: null, help: null, languages: ['de'], logo: null });
  assert.equal(decodeBranding({ logo: '/api/v1/branding/logo' }).logo, '../api/v1/branding/logo');
  for (const logo of ['https://a/b', '../../x', 'javascript:1', '/a/../b', '/a?b', 'data:x']) {
    assert.equal(decodeBranding({ logo }).logo, null, logo);
  }
});

test('a file name is its last component, and hides nothing', () => {
  assert.equal(safeName('../../etc/passwd'), 'passwd');
  assert.equal(safeName('C:\\temp\\a.txt'), 'a.txt');
  assert.equal(safeName('photo\u202egpj.exe'), 'photogpj.exe');
  for (const name of ['', '..', '/', 'a/', '\u0000']) assert.equal(safeName(name), 'file');
});

test('a picture is known by its first bytes alone', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
  assert.equal(pictureType(bytes('\x89PNG\r\n\x1a\n....')), 'image/png');
  assert.equal(pictureType(bytes('RIFF1234WEBPVP8 ')), 'image/webp');
  assert.equal(pictureType(bytes('<svg xmlns=')), null);
  assert.equal(pictureType(bytes('%PDF-1.7')), null);
});

test('nothing active is ever previewed, whatever it calls itself', async () => {
  const script = '<script>alert(1)</script>';
  for (const name of ['a.html', 'a.svg', 'a.pdf', 'a.xml', 'a.js', 'a', 'a.txt.html']) {
    assert.equal(await previewOf(attachment(name, script)), null, name);
  }
  assert.deepEqual(await previewOf(attachment('a.txt', script)), { kind: 'text', text: script });
  assert.equal(await previewOf(attachment('a.txt', 'a\0b')), null);
});
