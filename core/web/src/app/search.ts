type Search = Record<string, unknown>;

/** A text in the address, or nothing; whatever else stands there is ignored. */
export function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Yes, or nothing, so that an address names only what differs from the usual. */
export function flagIn(search: Search, name: string): true | undefined {
  return search[name] === true ? true : undefined;
}

/** One of a few words in the address, or nothing. */
export function oneOf<Value extends string>(
  search: Search,
  name: string,
  values: readonly Value[],
): Value | undefined {
  return values.find((value) => value === search[name]);
}

/** Several of a few words, or nothing. */
export function someOf<Value extends string>(
  search: Search,
  name: string,
  values: readonly Value[],
): Value[] | undefined {
  const given = search[name];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  const found = values.filter((value) => list.includes(value));
  return found.length > 0 ? found : undefined;
}

/** Says of a search that each of its members may be left out of a link. */
export function optional<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Fields[Name] } {
  return fields;
}
