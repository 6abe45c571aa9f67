import { durationInSeconds } from '~/text/duration';

/** The chip that opens a field to type in. */
export const typedChoice = 'typed';

const lives = ['15m', '30m', '1h', '3h', '8h', '1d', '2d', '7d'];
const views = ['1', '2', '3', '5', '10'];

function seconds(written: string): number {
  return durationInSeconds(written) ?? 0;
}

/** The usual times up to the administrator's limit, with the chosen one among them. */
export function lifeChoices(most: string, chosen: string | undefined): string[] {
  const allowed = lives.filter((life) => seconds(life) <= seconds(most));
  if (chosen === undefined || allowed.some((life) => seconds(life) === seconds(chosen))) {
    return allowed.map((life) => (chosen !== undefined && seconds(life) === seconds(chosen) ? chosen : life));
  }
  return [...allowed, chosen].sort((a, b) => seconds(a) - seconds(b));
}

/** The usual counts up to the administrator's limit, with the chosen one among them. */
export function viewChoices(most: number, chosen: string | undefined): string[] {
  const allowed = views.filter((count) => Number(count) <= most);
  if (chosen === undefined || allowed.includes(chosen)) return allowed;
  return [...allowed, chosen].sort((a, b) => Number(a) - Number(b));
}
