import type { Schemas } from '~/api/client';
import { text } from '~/text';
import type { LightColour } from '~/ui/light';

export type Summary = { colour: LightColour; words: string };

/** The worst light of all sites, and how many have it. No site at all is not green. */
export function summaryOf(edges: readonly Schemas['Edge'][]): Summary {
  const present = edges.filter((edge) => edge.state !== 'removed');
  if (present.length === 0) return { colour: 'unknown', words: text.header.noSites };
  const ailing = present.filter((edge) => edge.light !== 'green');
  if (ailing.length === 0) return { colour: 'green', words: text.header.allWell(present.length) };
  const colour = ailing.some((edge) => edge.light === 'red') ? 'red' : 'amber';
  return { colour, words: text.header.ailing(ailing.length) };
}
