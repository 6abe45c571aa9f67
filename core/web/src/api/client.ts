import createClient from 'openapi-fetch';
import { noteConnection } from './connection';
import { Problem, type ProblemBody, problemOf } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

export const apiRoot = '/api/v1';

/** The typed calls; every one goes through `answer` or `done`. */
export const api = createClient<paths>({ baseUrl: apiRoot, credentials: 'same-origin' });

let csrfToken: string | null = null;
let onSessionEnd: () => void = () => {};
let onSessionChange: () => void = () => {};

/** The token that a session gave; it goes with every call that changes something. */
export function rememberCsrf(token: string | null) {
  csrfToken = token;
}

export function csrfHeader(): Record<string, string> {
  return csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken };
}

/** What to do when the core no longer knows our session. */
export function whenSessionEnds(react: () => void) {
  onSessionEnd = react;
}

/** What to do when the core gave another session to this browser, in another window. */
export function whenSessionChanges(react: () => void) {
  onSessionChange = react;
}

api.use({
  onRequest({ request }) {
    if (request.method === 'GET') return undefined;
    for (const [name, value] of Object.entries(csrfHeader())) request.headers.set(name, value);
    return request;
  },
});

/** Looks at a refusal once, for all pages: is the core away, its database, or our session? */
export function refused(status: number, body: Partial<ProblemBody> | undefined, atSignIn = false): Problem {
  const problem = problemOf(status, body);
  noteConnection(problem.code === 'unavailable' ? 'database_away' : 'fine');
  if (problem.code === 'unauthenticated' && !atSignIn && problem.reason !== 'wrong_password') onSessionEnd();
  if (problem.reason === 'csrf') onSessionChange();
  return problem;
}

/** No answer at all. */
export function unreachable(): Problem {
  noteConnection('core_away');
  return new Problem('unreachable', 0);
}

type Reply<Data> = { data?: Data; error?: unknown; response: Response };

function isObject(value: unknown): value is Partial<ProblemBody> {
  return typeof value === 'object' && value !== null;
}

async function settle<Data>(call: Promise<Reply<Data>>, atSignIn: boolean): Promise<Data | undefined> {
  let reply: Reply<Data>;
  try {
    reply = await call;
  } catch {
    throw unreachable();
  }
  if (!reply.response.ok) {
    throw refused(reply.response.status, isObject(reply.error) ? reply.error : undefined, atSignIn);
  }
  noteConnection('fine');
  return reply.data;
}

type Where = { atSignIn?: boolean };

/** The body of the answer; throws a `Problem`. */
export async function answer<Data>(
  call: Promise<Reply<Data>>,
  where: Where = {},
): Promise<NonNullable<Data>> {
  const data = await settle(call, where.atSignIn ?? false);
  if (data === undefined || data === null) throw new Problem('internal', 200);
  return data;
}

/** For answers without a body; throws a `Problem`. */
export async function done(call: Promise<Reply<unknown>>): Promise<void> {
  await settle(call, false);
}
