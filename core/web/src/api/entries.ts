/** Between what is typed in a form and what the API takes. */

/** The parts that say something, each without the space around it; they stand one a line, or with commas between. */
export function partsOf(typed: string, separator = /[\n,]/): string[] {
  return typed
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Only what differs from what is stored. */
export function changesIn<Body extends object>(now: Body, stored: Body): Partial<Body> {
  const changes: Partial<Body> = { ...now };
  for (const name in changes) {
    if (JSON.stringify(changes[name]) === JSON.stringify(stored[name])) delete changes[name];
  }
  return changes;
}

/** The errors among what was looked at. */
export function errorsAmong<Field extends string>(found: Partial<Record<Field, string | undefined>>) {
  const errors: Partial<Record<Field, string>> = {};
  for (const field in found) {
    const error = found[field];
    if (error !== undefined) errors[field] = error;
  }
  return errors;
}
