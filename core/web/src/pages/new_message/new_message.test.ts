import { wordlist } from '@scure/bip39/wordlists/english.js';
import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { text } from '~/text';
import { passphraseOf, requestOf, stepChecks, wholeNumber } from './checks';
import { type Draft, freshDraft } from './draft';
import type { Options } from './new_message';
import { drawWords, strengthOf } from './passphrase';
import { lifeChoices, viewChoices } from './presets';
import { qrPath } from './qr_code';

const options: Options = {
  limits: { max_life: '7d', default_life: '1d', max_views: 10, default_views: 1, max_bytes: 1_000 },
  languages: ['de', 'en'],
  invite: { subject: 'Hello', text: 'See [URL]', html: '' },
  mail_configured: true,
  grace: '60s',
  max_grace: '10m',
  attempts: 5,
};

function draft(changed: Partial<Draft> = {}): Draft {
  return { ...freshDraft(options, 'site-1'), text: 'secret', words: 'a b c d e f', ...changed };
}

function file(size: number, state: 'uploading' | 'uploaded' | 'failed') {
  return { key: 1, file: new File([new Uint8Array(size)], 'a.bin'), state, sent: size, uploadId: 'u1' };
}

describe('a step of the wizard', () => {
  test('lets a good draft pass', () => {
    expect(stepChecks.compose(draft(), options)).toEqual({});
    expect(stepChecks.recipient(draft({ to: 'a@b.example' }))).toEqual({});
    expect(stepChecks.protection(draft())).toEqual({});
    expect(stepChecks.review(draft())).toEqual({});
  });

  test('wants something to send', () => {
    expect(stepChecks.compose(draft({ text: ' \n' }), options)).toEqual({ content: text.compose.nothing });
    expect(stepChecks.compose(draft({ text: '', files: [file(1, 'uploaded')] }), options)).toEqual({});
  });

  test('holds to the limits of the administrator', () => {
    const over = draft({ life: '8d', views: '11', files: [file(2_000, 'uploaded')] });
    expect(Object.keys(stepChecks.compose(over, options)).sort()).toEqual(['files', 'life', 'views']);
  });

  test('refuses what is no time and no number', () => {
    expect(stepChecks.compose(draft({ life: 'soon', views: '1.5' }), options)).toMatchObject({
      life: text.compose.lifeWrong,
      views: text.compose.viewsWrong(10),
    });
    expect(stepChecks.compose(draft({ life: '30s' }), options)).toEqual({ life: text.compose.lifeTooShort });
  });

  test('wants a name for each field', () => {
    const fields = [{ key: 1, name: ' ', value: 'x', secret: true }];
    expect(stepChecks.compose(draft({ fields }), options)).toEqual({ fields: text.compose.fieldNameMissing });
  });

  test('wants the link in a mail text of one’s own, where it is mailed at all', () => {
    expect(stepChecks.recipient(draft({ to: 'a@b.example', body: 'Hello' }))).toEqual({
      body: text.compose.bodyWithoutUrl,
    });
    expect(stepChecks.recipient(draft({ to: '', body: 'Hello' }))).toEqual({});
    expect(stepChecks.recipient(draft({ to: 'not an address' }))).toEqual({ to: text.compose.toWrong });
  });

  test('does not go on without the passphrase that was chosen', () => {
    expect(stepChecks.protection(draft({ protection: 'typed' }))).toEqual({
      typed: text.compose.typedMissing,
    });
    expect(stepChecks.protection(draft({ words: '' }))).toEqual({ typed: text.compose.wordsMissing });
    expect(stepChecks.protection(draft({ protection: 'none', attempts: 'x' }))).toEqual({});
    expect(stepChecks.protection(draft({ attempts: '101' }))).toEqual({
      attempts: text.compose.attemptsWrong,
    });
  });

  test('does not send while a file is on its way', () => {
    expect(stepChecks.review(draft({ files: [file(1, 'uploading')] }))).toEqual({
      files: text.compose.uploadsBusy,
    });
  });
});

describe('the request', () => {
  test('says what was entered', () => {
    const request = requestOf(
      draft({
        life: ' 3 H ',
        views: ' 2 ',
        to: ' a@b.example ',
        toName: 'Ada',
        files: [file(5, 'uploaded')],
      }),
      options,
    );
    expect(request).toMatchObject({
      text: 'secret',
      files: ['u1'],
      expires_in: '3h',
      views: 2,
      passphrase: 'a b c d e f',
      attempts: 5,
      to: 'a@b.example',
      language: 'de',
      subject: null,
      mail_body: null,
      site: 'site-1',
    });
  });

  test('carries no passphrase and no attempts without protection', () => {
    const request = requestOf(draft({ protection: 'none', typed: 'left over' }), options);
    expect(request.passphrase).toBeNull();
    expect(request).not.toHaveProperty('attempts');
    expect(passphraseOf(draft({ protection: 'typed', typed: 'mine' }))).toBe('mine');
  });
});

test('a whole number is nothing else', () => {
  expect(wholeNumber('10', 10)).toBe(10);
  for (const typed of ['0', '11', '1e1', '0x1', '', ' ', '-1'])
    expect(wholeNumber(typed, 10)).toBeUndefined();
});

describe('a passphrase of words', () => {
  test('takes each word with equal chance from the low bits', () => {
    const list = ['a', 'b', 'c', 'd'];
    expect(drawWords(list, 4, () => new Uint16Array([0, 5, 0xfffe, 0xffff]))).toBe('a b c d');
  });

  test('refuses a list that would favour some words', () => {
    expect(() => drawWords(['a', 'b', 'c'], 1)).toThrow('power of two');
  });

  test('draws from 2,048 different words', () => {
    expect(new Set(wordlist).size).toBe(2_048);
    expect(drawWords(wordlist, 6).split(' ')).toHaveLength(6);
    expect(drawWords(wordlist, 6)).not.toBe(drawWords(wordlist, 6));
  });
});

describe('the strength of a typed passphrase', () => {
  test.each([
    ['', 'weak'],
    ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['abcdefghijklmnopqrst', 'weak'],
    ['password', 'weak'],
    ['correct horse battery', 'fair'],
    ['Tr0ub4dor&3', 'fair'],
    ['correct horse battery staple orbit', 'good'],
    ['correct horse battery staple orbit lamp', 'strong'],
    ['x9$Lq2!vRt7#Kp', 'good'],
    ['x9$Lq2!vRt7#KpW&', 'strong'],
  ] as const)('%s is %s', (typed, strength) => {
    expect(strengthOf(typed)).toBe(strength);
  });
});

describe('the chips', () => {
  test('end at the limit', () => {
    expect(lifeChoices('8h', '1h')).toEqual(['15m', '30m', '1h', '3h', '8h']);
    expect(viewChoices(3, '1')).toEqual(['1', '2', '3']);
  });

  test('hold the usual value of the administrator, written as it was', () => {
    expect(lifeChoices('7d', '4h')).toContain('4h');
    expect(lifeChoices('7d', '24h')).toContain('24h');
    expect(lifeChoices('7d', '24h')).not.toContain('1d');
    expect(viewChoices(10, '4')).toEqual(['1', '2', '3', '4', '5', '10']);
  });
});

test('the drawing of a QR code covers exactly its dark modules', () => {
  const { data } = encode('https://secrets.example.com/m/abc#def', { border: 2 });
  const drawn = data.map((row) => row.map(() => false));
  for (const [, x, y, width] of qrPath(data).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let offset = 0; offset < Number(width); offset += 1) {
      const row = drawn[Number(y)];
      if (row) row[Number(x) + offset] = true;
    }
  }
  expect(drawn).toEqual(data.map((row) => row.map(Boolean)));
});
