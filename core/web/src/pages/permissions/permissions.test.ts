import { describe, expect, it } from 'vitest';
import { dayOf, endOfDay, permissionErrors, updateOf } from './permission_entries';

const noon = new Date(2026, 5, 15, 12).getTime();

describe('a right', () => {
  it('holds the whole of its last day', () => {
    const end = endOfDay('2026-06-15');
    expect(end?.getTime()).toBeGreaterThan(noon);
    expect(dayOf(end?.toISOString() ?? null)).toBe('2026-06-15');
    expect(permissionErrors({ login: 'ann', rights: ['use'], until: '2026-06-15' }, true, noon)).toEqual({});
  });

  it('has no end unless one is given', () => {
    expect(updateOf({ login: 'ann', rights: ['change', 'use'], until: '' })).toEqual({
      rights: ['use', 'change'],
      until: null,
    });
  });

  it('needs a person, something to do, and a future', () => {
    const errors = permissionErrors({ login: 'nobody', rights: [], until: '2026-06-14' }, false, noon);
    expect(Object.keys(errors).sort()).toEqual(['login', 'rights', 'until']);
  });
});
