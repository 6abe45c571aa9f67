import { describe, expect, test } from 'vitest';
import { durationInSeconds, durationInWords, durationShort, normalDuration } from './duration';
import { bytes, relativeTime } from './format';
import { fillTemplate } from './template';

describe('a duration', () => {
  test.each([
    ['45s', 45],
    ['30m', 1_800],
    ['3h', 10_800],
    ['2d', 172_800],
  ])('%s is read', (written, seconds) => {
    expect(durationInSeconds(written)).toBe(seconds);
  });

  test.each(['', '3', 'h', '3 h', '-3h', '1.5h', '3w', '3hh', '9999999999s'])(
    '"%s" is refused',
    (written) => {
      expect(durationInSeconds(written)).toBeUndefined();
    },
  );

  test('is understood as people type it', () => {
    expect(normalDuration(' 2 D ')).toBe('2d');
  });

  test('is said in words', () => {
    expect(durationInWords('1d')).toBe('1 day');
    expect(durationInWords('90m')).toBe('90 minutes');
    expect(durationShort('15m')).toBe('15 min');
    expect(durationInWords('soon')).toBe('soon');
  });
});

describe('a moment', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  const at = (seconds: number) => relativeTime(new Date(now + seconds * 1_000), now);

  test('is said as its distance', () => {
    expect(at(-5)).toBe('just now');
    expect(at(-40)).toBe('less than a minute ago');
    expect(at(30)).toBe('in less than a minute');
    expect(at(-3_600)).toBe('1 hour ago');
    expect(at(86_400 * 2 - 5)).toBe('in 2 days');
    expect(at(86_400 - 5)).toBe('in 1 day');
    expect(at(-5_400)).toBe('1 hour ago');
  });

  test('is a date when it is far', () => {
    expect(at(86_400 * 40)).toContain('2027');
  });
});

test('a size is said in the unit that fits', () => {
  expect(bytes(0)).toBe('0 bytes');
  expect(bytes(1)).toBe('1 byte');
  expect(bytes(1_536)).toBe('1.5 KiB');
  expect(bytes(100 * 1024 * 1024)).toBe('100 MiB');
});

test('a template keeps what it has no value for', () => {
  expect(fillTemplate('Dear [ToFirstName], see [URL] [Nonsense]', { ToFirstName: 'Ada', URL: '' })).toBe(
    'Dear Ada, see  [Nonsense]',
  );
});

test('a value that looks like a variable is not filled in again', () => {
  expect(fillTemplate('[Subject]', { Subject: '[URL]', URL: 'https://x' })).toBe('[URL]');
});
