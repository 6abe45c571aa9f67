import type { AuditFilter } from '~/api/queries';

type Search = { [Name in keyof AuditFilter]?: string | undefined };

/** What the core is asked: days become moments, the last day counts whole. */
export function filterOf({ actor, code, object, from, to }: Search): AuditFilter {
  const begin = from && startOfDay(from, 0);
  const end = to && startOfDay(to, 1);
  return {
    ...(actor && { actor }),
    ...(code && { code }),
    ...(object && { object }),
    ...(begin && { from: begin }),
    ...(end && { to: end }),
  };
}

/** The first moment of a day in the reader's time zone, some days later. */
function startOfDay(day: string, later: number): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!found) return undefined;
  return new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + later).toISOString();
}
