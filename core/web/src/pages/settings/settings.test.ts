import { expect, test } from 'vitest';
import { filterOf } from '../audit/filter';
import { contrastWithWhite, isColour } from './colour';
import { limitErrors } from './limits';
import { pictureType } from './logo';

const limits = { max_life: '7d', default_life: '1d', max_views: '10', default_views: '1', max_bytes: '100' };

test('limits hold together', () => {
  expect(limitErrors(limits)).toEqual({});
  expect(Object.keys(limitErrors({ ...limits, default_life: '8d' }))).toEqual(['default_life']);
  expect(Object.keys(limitErrors({ ...limits, default_views: '11' }))).toEqual(['default_views']);
  expect(Object.keys(limitErrors({ ...limits, max_bytes: '101', max_life: 'x' }))).toEqual([
    'max_life',
    'max_bytes',
  ]);
});

test('contrast is that of WCAG', () => {
  expect(contrastWithWhite('#000000')).toBeCloseTo(21, 5);
  expect(contrastWithWhite('#ffffff')).toBeCloseTo(1, 5);
  expect(contrastWithWhite('#2457c5')).toBeCloseTo(6.46, 1);
  expect(isColour('#12345')).toBe(false);
});

test('a picture is known by its bytes, not by its name', () => {
  expect(pictureType(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))).toBe('image/png');
  expect(pictureType(new TextEncoder().encode('RIFF....WEBP'))).toBe('image/webp');
  expect(pictureType(new TextEncoder().encode('<svg onload="x">'))).toBeUndefined();
});

test('the last day of a filter counts whole', () => {
  const { from, to } = filterOf({ from: '2026-11-23', to: '2026-11-23' });
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
  expect(filterOf({ from: 'yesterday' })).toEqual({});
});
