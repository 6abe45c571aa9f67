import { describe, expect, it } from 'vitest';
import { errorsIn } from './bulk_change';
import { lightOf } from './facts';
import {
  changeOf,
  entriesOf,
  minutesAsTyped,
  type Site,
  type SiteEntries,
  settingsOf,
  siteErrors,
  updateOf,
  usual,
} from './site_entries';

function site(more: Partial<Site> = {}): Site {
  return {
    id: 'a',
    name: 'Acme',
    notes: '',
    gateways: [],
    in_maintenance: false,
    networks: ['10.0.0.0/8'],
    maintenance: null,
    recording_days: 90,
    idle_minutes: 15,
    total_minutes: 480,
    record: true,
    record_input: false,
    disk_full: 'end',
    reason_required: false,
    session_rights: ['input', 'paste', 'copy', 'upload', 'download'],
    hosts: 0,
    credentials: 0,
    rights: [],
    revision: 1,
    created_at: '2026-01-01T00:00:00Z',
    changed_at: '2026-01-01T00:00:00Z',
    ...more,
  };
}

function entries(more: Partial<SiteEntries> = {}): SiteEntries {
  return { ...usual, name: 'Acme', ...more };
}

describe('the settings of a remote site', () => {
  it('come back from the form as they were', () => {
    const stored = site({ maintenance: { days: ['monday', 'friday'], from: '22:00', to: '02:00' } });
    const { name, gateways, in_maintenance, hosts, credentials, rights, revision, ...rest } = stored;
    const { id, created_at, changed_at, ...settings } = rest;
    expect(settingsOf(entriesOf(stored))).toEqual(settings);
    expect(updateOf(entriesOf(stored), entriesOf(stored))).toEqual({});
  });

  it('are sent only where they were changed', () => {
    const stored = entriesOf(site());
    expect(updateOf({ ...stored, idle_minutes: '1 H', networks: '10.0.0.0/8\n\n' }, stored)).toEqual({
      idle_minutes: 60,
    });
    expect(updateOf({ ...stored, recording_days: ' ', gateways: ['g'] }, stored)).toEqual({
      recording_days: null,
      gateways: ['g'],
    });
  });

  it('say durations as people do', () => {
    expect([15, 60, 90, 480, 1_440, 10_080].map(minutesAsTyped)).toEqual([
      '15m',
      '1h',
      '90m',
      '8h',
      '1d',
      '7d',
    ]);
  });

  it('keep the days of the week in order', () => {
    const days = entries({ maintenance: true, days: ['sunday', 'monday'] });
    expect(settingsOf(days).maintenance?.days).toEqual(['monday', 'sunday']);
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ networks: '10.0.0.0' }, 'networks'],
    [{ networks: '10.0.0.0/8\nnonsense' }, 'networks'],
    [{ recording_days: '0' }, 'recording_days'],
    [{ recording_days: '1.5' }, 'recording_days'],
    [{ idle_minutes: '15' }, 'idle_minutes'],
    [{ idle_minutes: '30s' }, 'idle_minutes'],
    [{ idle_minutes: '2d' }, 'idle_minutes'],
    [{ total_minutes: '8d' }, 'total_minutes'],
    [{ maintenance: true, from: '25:00' }, 'from'],
    [{ maintenance: true, to: '9:00' }, 'to'],
    [{ maintenance: true, days: [] }, 'days'],
  ] as const)('are looked at before they are sent: %j', (wrong, field) => {
    expect(Object.keys(siteErrors(entries(wrong)))).toEqual([field]);
  });

  it('may be as the core allows', () => {
    const most = entries({
      networks: '10.0.0.0/8, 2001:db8::/32\n192.0.2.1/32',
      recording_days: '365',
      idle_minutes: '1d',
      total_minutes: '7d',
      from: 'not looked at without a window',
    });
    expect(siteErrors(most)).toEqual({});
  });
});

describe('a change of many', () => {
  it('holds what was ticked and nothing else', () => {
    expect(changeOf(entries(), ['limits', 'reason'])).toEqual({
      idle_minutes: 15,
      total_minutes: 480,
      reason_required: false,
    });
    expect(changeOf(entries(), ['maintenance'])).toEqual({ maintenance: null });
    expect(changeOf(entries(), [])).toEqual({});
  });

  it('is not stopped by what is wrong elsewhere', () => {
    const errors = siteErrors(entries({ networks: 'nonsense', idle_minutes: 'x' }));
    expect(Object.keys(errorsIn(['limits'], errors))).toEqual(['idle_minutes']);
  });
});

describe('the light of a remote site', () => {
  const gateway = {
    id: 'g',
    name: 'g',
    public_url: '',
    state: 'enrolled',
    light: 'green',
    reason: '',
  } as const;

  it('is that of its best gateway', () => {
    expect(lightOf({ gateways: [{ ...gateway, light: 'red' }, gateway] })).toBe('green');
    expect(
      lightOf({
        gateways: [
          { ...gateway, light: 'red' },
          { ...gateway, light: 'amber' },
        ],
      }),
    ).toBe('amber');
  });

  it('is none without one, or before it was enrolled', () => {
    expect(lightOf({ gateways: [] })).toBe('unknown');
    expect(lightOf({ gateways: [{ ...gateway, state: 'waiting' }] })).toBe('unknown');
  });
});
