/** Many rows changed at once: some may be refused while the others go through. */
import { text } from '~/text';
import { complain, say } from '~/ui/toast';
import type { Schemas } from './client';
import { Problem, problemText } from './problem';

type Result = Schemas['BulkResult'];

/** As many as the core takes in one request. */
export const most = 200;

/** One after the other, `most` at a time, as if it were one. */
export async function inParts(
  ids: readonly string[],
  send: (ids: string[]) => Promise<Result>,
): Promise<Result> {
  const whole: Result = { changed: 0, failed: [] };
  for (let from = 0; from < ids.length; from += most) {
    const part = await send(ids.slice(from, from + most));
    whole.changed += part.changed;
    whole.failed.push(...part.failed);
  }
  return whole;
}

/** Which row was refused, and why. */
export function failureText(
  failure: Result['failed'][number],
  rows: readonly { id: string; name: string }[],
): string {
  const name = rows.find((row) => row.id === failure.id)?.name ?? failure.id;
  const why = failure.errors.map((error) => `${error.field}: ${error.detail}`).join(' ');
  return `${name}: ${why || problemText(new Problem(failure.code, 0))}`;
}

// More would hide what they say.
const mostTold = 5;

/** Says how many went through, and complains of each that did not. */
export function tell(
  result: Result,
  rows: readonly { id: string; name: string }[],
  done: (count: number) => string,
) {
  if (result.changed > 0) say(done(result.changed));
  for (const failure of result.failed.slice(0, mostTold)) complain(failureText(failure, rows));
  const more = result.failed.length - mostTold;
  if (more > 0) complain(text.bulk.moreFailed(more));
}
