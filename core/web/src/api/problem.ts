import { text } from '~/text';
import type { components } from './schema';

export type ProblemBody = components['schemas']['Problem'];
export type ProblemCode = ProblemBody['code'] | 'unreachable';

/** What the core says begins small and ends open; a page says it as a sentence. */
function sentence(said: string | undefined): string | undefined {
  if (!said) return undefined;
  const begun = said.charAt(0).toUpperCase() + said.slice(1);
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}

/** A refusal or a failure of the core, or no answer at all (`unreachable`). Thrown by everything in `~/api`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly reason: ProblemBody['reason'];
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  /** What is wrong, by the path of the field in the request. */
  readonly fields: ReadonlyMap<string, string>;

  constructor(code: ProblemCode, status: number, body?: Partial<ProblemBody>) {
    super(body?.title ?? code);
    this.code = code;
    this.status = status;
    this.reason = body?.reason;
    this.detail = sentence(body?.detail);
    this.retryAfter = body?.retry_after;
    this.fields = new Map(body?.errors?.map((each) => [each.field, sentence(each.detail) ?? '']) ?? []);
  }
}

const codeOfStatus: Record<number, ProblemBody['code']> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  413: 'invalid_input',
  422: 'invalid_input',
  429: 'too_many',
  503: 'unavailable',
};

/** `body` is what the core said; something between us and the core may have answered instead, without one. */
export function problemOf(status: number, body: Partial<ProblemBody> | undefined): Problem {
  const code = body?.code ?? codeOfStatus[status] ?? 'internal';
  return new Problem(code, status, body);
}

/** One sentence or two for a person: what happened and, where it is known, what to do. */
export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) return text.problems.internal;
  if (error.reason === 'wrong_password') return text.problems.wrongPassword;
  if (error.reason === 'csrf') return text.problems.sessionChanged;
  if (error.reason === 'locked' || error.code === 'too_many') return text.problems.tooMany(error.retryAfter);
  const said = error.detail ?? [...error.fields.values()].join(' ');
  return said || text.problems[error.code];
}

/** What a form says is wrong, by the name of the field. */
export type FieldErrors = Record<string, string | undefined>;

/** The errors of a form, by its own field names, with what belongs to no field under `form`. */
export function formErrors(error: unknown, known: readonly string[]): Record<string, string> {
  if (error === null || error === undefined) return {};
  const errors: Record<string, string> = {};
  const strays: string[] = [];
  const fields = error instanceof Problem ? error.fields : new Map<string, string>();
  for (const [path, detail] of fields) {
    const field = known.find((name) => path === name || path.endsWith(`.${name}`));
    if (field) errors[field] = detail;
    else strays.push(`${path}: ${detail}`);
  }
  if (fields.size === 0) strays.push(problemText(error));
  if (strays.length > 0) errors['form'] = strays.join(' ');
  return errors;
}

/** Whether somebody else changed it meanwhile; a name that is taken is a conflict too, and its field says so. */
export function changedElsewhere(error: unknown): boolean {
  return error instanceof Problem && error.code === 'conflict' && !formErrors(error, ['name'])['name'];
}
