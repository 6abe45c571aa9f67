import type { Schemas } from '~/api/client';
import { Problem } from '~/api/problem';

export type Usable = Schemas['UsableCredentials']['items'][number];

/** What has to happen between the press on Connect and the session. */
export type Plan = { kind: 'go'; credential: string } | { kind: 'ask' } | { kind: 'no_credential' };

/** Nothing is asked that has one answer only. */
export function planOf(usable: readonly Usable[]): Plan {
  const [first, second] = usable;
  if (first === undefined) return { kind: 'no_credential' };
  return second === undefined ? { kind: 'go', credential: first.id } : { kind: 'ask' };
}

/** Whether the core wants to know why first. */
export function wantsReason(error: unknown): boolean {
  return error instanceof Problem && error.fields.has('reason');
}
