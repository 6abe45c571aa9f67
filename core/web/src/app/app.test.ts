import { describe, expect, test } from 'vitest';
import type { Schemas } from '~/api/client';
import { ownPath } from './own_path';
import { flagIn, oneOf, someOf, textIn } from './search';
import { summaryOf } from './sites_summary';

describe('after the sign-in', () => {
  test('one comes back to where one was', () => {
    expect(ownPath('/messages/new?step=review')).toBe('/messages/new?step=review');
  });

  test.each([
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
  ])('one never leaves the site: %s', (from) => {
    expect(ownPath(from)).toBe('/messages');
  });
});

test('what an address says wrongly is ignored', () => {
  const states = ['live', 'lost'] as const;
  expect(someOf({ state: ['lost', 'nonsense'] }, 'state', states)).toEqual(['lost']);
  expect(someOf({ state: 'live' }, 'state', states)).toEqual(['live']);
  expect(someOf({ state: 7 }, 'state', states)).toBeUndefined();
  expect(oneOf({ step: 'nonsense' }, 'step', states)).toBeUndefined();
  expect(textIn({ q: 4711 }, 'q')).toBe('4711');
  expect(textIn({ q: { a: 1 } }, 'q')).toBeUndefined();
  expect(flagIn({ all: 'true' }, 'all')).toBeUndefined();
});

describe('the light of all sites', () => {
  function site(
    light: Schemas['Edge']['light'],
    state: Schemas['Edge']['state'] = 'enrolled',
  ): Schemas['Edge'] {
    return {
      id: light,
      name: light,
      kind: 'selfdestruct',
      public_url: 'https://a.example',
      intake_url: null,
      state,
      light,
      reason: '',
      last_contact: null,
      clock_skew_ms: null,
      items_waiting: 0,
      events_waiting: null,
      version: null,
      certificate_days_left: null,
    };
  }

  test('is not green where there is no site', () => {
    expect(summaryOf([]).colour).toBe('unknown');
    expect(summaryOf([site('green', 'removed')]).colour).toBe('unknown');
  });

  test('is the worst of them', () => {
    expect(summaryOf([site('green'), site('amber')]).colour).toBe('amber');
    expect(summaryOf([site('amber'), site('red'), site('green')]).colour).toBe('red');
    expect(summaryOf([site('green'), site('red', 'removed')]).colour).toBe('green');
  });
});
