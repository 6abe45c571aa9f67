import type { Schemas } from '~/api/client';
import { text } from '~/text';

export type Permission = Schemas['Permission'];
export type Right = Schemas['Rights'][number];
export const rights = ['use', 'see', 'change'] as const satisfies readonly Right[];

/** As it is typed; `until` is a day of the reader's calendar, or nothing. */
export type PermissionEntries = { login: string; rights: readonly Right[]; until: string };
export type PermissionErrors = Partial<Record<keyof PermissionEntries, string>>;

/** The end of that day where the reader is; the right holds the whole day. */
export function endOfDay(day: string): Date | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return undefined;
  return new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]), 23, 59, 59);
}

/** The day on which it ends, as a field for dates wants it. */
export function dayOf(until: string | null): string {
  if (until === null) return '';
  const at = new Date(until);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** What is wrong before it is sent; `known` is the person that was found for the login. */
export function permissionErrors(entries: PermissionEntries, known: boolean, now: number): PermissionErrors {
  const errors: PermissionErrors = {};
  const end = endOfDay(entries.until);
  if (!known) errors.login = text.permissions.personMissing;
  if (entries.rights.length === 0) errors.rights = text.permissions.rightsMissing;
  if (end && end.getTime() < now) errors.until = text.permissions.untilPast;
  return errors;
}

export function updateOf(entries: PermissionEntries): Schemas['PermissionGive'] {
  const chosen = rights.filter((right) => entries.rights.includes(right));
  return { rights: chosen, until: endOfDay(entries.until)?.toISOString() ?? null };
}
