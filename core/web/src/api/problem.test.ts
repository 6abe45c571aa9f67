import { expect, test } from 'vitest';
import { text } from '~/text';
import { formErrors, Problem, problemOf, problemText } from './problem';

const refused = problemOf(400, {
  code: 'invalid_input',
  errors: [
    { field: 'mail.port', detail: 'A port is a number from 1 to 65535.' },
    { field: 'surprise', detail: 'Unknown.' },
  ],
});

test('an error goes to the field it names, a stray one to the form', () => {
  expect(formErrors(refused, ['port', 'host'])).toEqual({
    port: 'A port is a number from 1 to 65535.',
    form: 'surprise: Unknown.',
  });
});

test('what the core says becomes a sentence', () => {
  const conflict = problemOf(409, {
    code: 'conflict',
    detail: 'at least one enabled administrator must remain',
  });
  expect(problemText(conflict)).toBe('At least one enabled administrator must remain.');
});

test('a refusal without fields is said for the whole form', () => {
  expect(formErrors(new Problem('unreachable', 0), ['port'])).toEqual({ form: text.problems.unreachable });
  expect(formErrors(null, ['port'])).toEqual({});
});

test('an answer that is not from the core is judged by its status', () => {
  expect(problemOf(503, undefined).code).toBe('unavailable');
  expect(problemOf(502, undefined).code).toBe('internal');
});

test('a wait is said in time one can understand', () => {
  expect(problemText(problemOf(429, { code: 'too_many', retry_after: 300 }))).toContain('in 5 minutes');
});

test('a program error shows nothing of itself', () => {
  expect(problemText(new TypeError('secret is not a function'))).toBe(text.problems.internal);
});
