import type { Schemas } from '~/api/client';
import { text } from '~/text';

export type Certificate = Schemas['Certificate'];

/** Where it is shown, in words: the site's name where it is one of a site. */
export function placeOf(certificate: Certificate): string {
  const place = text.certificates.places[certificate.place];
  return certificate.owner ? `${certificate.owner.name}: ${place.toLowerCase()}` : place;
}

const mostNames = 3;

/** The names that fit a cell, and how many more there are. */
export function namesOf(certificate: Certificate): string {
  const { names, place, issuer } = certificate;
  if (place === 'root') return issuer;
  if (names.length === 0) return text.certificates.noNames;
  const shown = names.slice(0, mostNames).join(', ');
  const more = names.length - mostNames;
  return more > 0 ? `${shown} ${text.certificates.moreNames(more)}` : shown;
}

/** In groups of two bytes, as certificate viewers show it and people read it aloud. */
export function grouped(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(':');
}

const order = { red: 0, amber: 1, green: 2 } as const;

/** What needs somebody first; otherwise as the core gave them. */
export function byUrgency(all: readonly Certificate[]): Certificate[] {
  return [...all].sort((a, b) => order[a.light] - order[b.light]);
}
