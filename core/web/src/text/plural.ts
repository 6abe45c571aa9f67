import { number } from './format';

/** "1 host", "2 hosts". */
export function plural(count: number, one: string, many: string): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
