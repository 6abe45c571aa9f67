import { describe, expect, it } from 'vitest';
import { byUrgency, type Certificate, grouped, namesOf, placeOf } from './facts';
import { entryErrors, situationOf, smallest } from './situation';

function certificate(more: Partial<Certificate> = {}): Certificate {
  return {
    owner: null,
    place: 'site',
    names: ['core.example'],
    issuer: 'Some CA',
    not_before: '2026-01-01T00:00:00.000Z',
    not_after: '2026-12-01T00:00:00.000Z',
    days_left: 100,
    light: 'green',
    reason: '',
    renewed_by: '',
    fingerprint: 'ab'.repeat(32),
    pin: 'cd'.repeat(32),
    seen_at: '2026-06-01T00:00:00.000Z',
    ...more,
  };
}

describe('the adviser', () => {
  it('sends what was typed', () => {
    const situation = situationOf({
      ...smallest,
      remote_sites: ' 3 ',
      hosts: 'a.example\n  192.0.2.1, b.example\n',
    });
    expect(situation.remote_sites).toBe(3);
    expect(situation.hosts).toEqual(['a.example', '192.0.2.1', 'b.example']);
    expect(situation.few_users).toBe(true);
  });

  it('says which number is none', () => {
    expect(entryErrors(smallest)).toEqual({});
    expect(Object.keys(entryErrors({ ...smallest, other_servers: 'some', remote_sites: '-1' }))).toEqual([
      'other_servers',
      'remote_sites',
    ]);
  });
});

describe('certificates', () => {
  it('say where they are shown', () => {
    expect(placeOf(certificate())).toBe('Web site of the core');
    expect(placeOf(certificate({ owner: { id: 'x', name: 'dmz' }, place: 'intake' }))).toBe(
      'dmz: link to the core',
    );
  });

  it('show few names and count the others', () => {
    expect(namesOf(certificate({ names: [] }))).toBe('no name');
    expect(namesOf(certificate({ names: [], place: 'root' }))).toBe('Some CA');
    expect(namesOf(certificate({ names: ['a', 'b', 'c'] }))).toBe('a, b, c');
    expect(namesOf(certificate({ names: ['a', 'b', 'c', 'd', 'e'] }))).toBe('a, b, c and 2 more');
  });

  it('have fingerprints that can be read aloud', () => {
    expect(grouped('0aff')).toBe('0A:FF');
  });

  it('come with the urgent ones first', () => {
    const all = [certificate(), certificate({ light: 'amber' }), certificate({ light: 'red' })];
    expect(byUrgency(all).map((one) => one.light)).toEqual(['red', 'amber', 'green']);
  });
});
