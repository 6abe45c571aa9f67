/** The variables of a mail template, as `[Name]`. */
export type Values = Readonly<Record<string, string>>;

/** Puts the values in; a variable that has none stays as it is written. */
export function fillTemplate(template: string, values: Values): string {
  return template.replaceAll(/\[([A-Za-z]+)\]/g, (written, name: string) => values[name] ?? written);
}
