import { describe, expect, it } from 'vitest';
import { endOf, goesOn, lengthOf } from './facts';

describe('a session', () => {
  it('says why it ended, and by whom', () => {
    expect(endOf({ end_reason: null, ended_by: null, exit: null })).toBeUndefined();
    expect(endOf({ end_reason: 'logout', ended_by: null, exit: 0 })).toBe('signed out');
    expect(endOf({ end_reason: 'logout', ended_by: null, exit: 130 })).toBe('signed out, exit 130');
    expect(endOf({ end_reason: 'terminated', ended_by: 'ann', exit: null })).toBe('ended by force by ann');
  });

  it('goes on until it has ended', () => {
    expect((['waiting', 'opening', 'running'] as const).every((state) => goesOn({ state }))).toBe(true);
    expect(
      (['ended', 'expired', 'revoked', 'failed', 'lost'] as const).some((state) => goesOn({ state })),
    ).toBe(false);
  });

  it('is as long as from its begin to its end, or to now', () => {
    const started_at = '2026-06-01T10:00:00Z';
    const now = Date.parse('2026-06-01T11:00:00Z');
    expect(lengthOf({ started_at, ended_at: '2026-06-01T10:01:30Z' }, now)).toBe(90);
    expect(lengthOf({ started_at, ended_at: null }, now)).toBe(3_600);
    expect(lengthOf({ started_at: null, ended_at: null }, now)).toBeUndefined();
  });
});
