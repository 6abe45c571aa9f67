import { describe, expect, it } from 'vitest';
import { failureText, inParts } from './bulk';

describe('many at once', () => {
  it('sends no more than the core takes, and adds up what it says', async () => {
    const sizes: number[] = [];
    const ids = Array.from({ length: 401 }, (_, number) => `id-${number}`);
    const result = await inParts(ids, async (part) => {
      sizes.push(part.length);
      return {
        changed: part.length - 1,
        failed: [{ id: part[0] ?? '', code: 'not_found', errors: [] }],
      };
    });
    expect(sizes).toEqual([200, 200, 1]);
    expect(result.changed).toBe(398);
    expect(result.failed.map((failure) => failure.id)).toEqual(['id-0', 'id-200', 'id-400']);
  });

  it('names the row and what is wrong with it', () => {
    const rows = [{ id: 'a', name: 'web-1' }];
    const errors = [{ field: 'site', detail: 'no such site' }];
    const wrong = { id: 'a', code: 'invalid_input', errors } as const;
    expect(failureText(wrong, rows)).toBe('web-1: site: no such site');
    const gone = failureText({ id: 'b', code: 'not_found', errors: [] }, rows);
    expect(gone.startsWith('b: ')).toBe(true);
    expect(gone.length).toBeGreaterThan('b: '.length);
  });
});
