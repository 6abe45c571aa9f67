import { describe, expect, it } from 'vitest';
import { changesIn, errorsAmong, partsOf } from './entries';

describe('what is typed', () => {
  it('stands one a line, or with commas between', () => {
    expect(partsOf(' web-*\n\n, db-1 ,db-2')).toEqual(['web-*', 'db-1', 'db-2']);
    expect(partsOf(' Linux / Web//', /\//)).toEqual(['Linux', 'Web']);
    expect(partsOf('')).toEqual([]);
  });

  it('is sent where it differs, lists by what is in them', () => {
    const stored = { name: 'web', tags: ['a', 'b'], site: null };
    expect(changesIn({ name: 'web', tags: ['a', 'b'], site: null }, stored)).toEqual({});
    expect(changesIn({ name: 'web', tags: ['b', 'a'], site: null }, stored)).toEqual({ tags: ['b', 'a'] });
  });

  it('is wrong only where something was found', () => {
    expect(Object.keys(errorsAmong({ name: 'missing', port: undefined }))).toEqual(['name']);
  });
});
