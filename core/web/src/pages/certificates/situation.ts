import type { Schemas } from '~/api/client';
import { partsOf } from '~/api/entries';
import { text } from '~/text';
import { wholeNumber } from '../new_message/checks';

export type Situation = Schemas['Situation'];

export const questions = [
  'from_outside',
  'unmanaged_devices',
  'domain_joined',
  'has_internal_ca',
  'few_users',
] as const;
export const counts = ['other_servers', 'remote_sites'] as const;

/** As it is typed. */
export type Entries = Record<(typeof questions)[number], boolean> &
  Record<(typeof counts)[number], string> & { hosts: string };

export const smallest: Entries = {
  from_outside: false,
  unmanaged_devices: false,
  domain_joined: false,
  has_internal_ca: false,
  few_users: true,
  other_servers: '0',
  remote_sites: '0',
  hosts: '',
};

const most = 10_000;

function counted(typed: string): number | undefined {
  return typed.trim() === '0' ? 0 : wholeNumber(typed, most);
}

/** What is wrong before it is sent. */
export function entryErrors(entries: Entries): Partial<Record<(typeof counts)[number], string>> {
  const errors: Partial<Record<(typeof counts)[number], string>> = {};
  for (const name of counts) if (counted(entries[name]) === undefined) errors[name] = text.advice.countWrong;
  return errors;
}

export function situationOf(entries: Entries): Situation {
  const { other_servers, remote_sites, hosts, ...answers } = entries;
  return {
    ...answers,
    other_servers: counted(other_servers) ?? 0,
    remote_sites: counted(remote_sites) ?? 0,
    hosts: partsOf(hosts, /[\s,]+/),
  };
}
