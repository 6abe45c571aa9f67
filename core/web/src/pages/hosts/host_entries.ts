import type { Schemas } from '~/api/client';
import { changesIn, errorsAmong, partsOf } from '~/api/entries';
import { text } from '~/text';
import { wholeNumber } from '../new_message/checks';

export type Host = Schemas['Host'];
export type Protocol = Schemas['Protocol'];

export const usualPort: Record<Protocol, number> = { ssh: 22, rdp: 3389, telnet: 23, vnc: 5901 };

/** A host as it is typed. */
export type HostEntries = {
  name: string;
  site: string;
  address: string;
  protocol: Protocol;
  port: string;
  type: string;
  operating_system: string;
  folder: string;
  tags: string;
  notes: string;
  host_keys: string;
  host_cas: string;
  first_use: boolean;
};

export type HostErrors = Partial<Record<keyof HostEntries, string>>;

export function freshHost(site: string, folder: string): HostEntries {
  return {
    name: '',
    site,
    address: '',
    protocol: 'ssh',
    port: String(usualPort.ssh),
    type: '',
    operating_system: '',
    folder,
    tags: '',
    notes: '',
    host_keys: '',
    host_cas: '',
    first_use: true,
  };
}

export function entriesOf(host: Host): HostEntries {
  return {
    name: host.name,
    site: host.site.id,
    address: host.address,
    protocol: host.protocol,
    port: String(host.port),
    type: host.type,
    operating_system: host.operating_system,
    folder: host.folder,
    tags: host.tags.join(', '),
    notes: host.notes,
    host_keys: host.host_keys.join('\n'),
    host_cas: host.host_cas.join('\n'),
    first_use: host.first_use,
  };
}

/** A port that was the usual one of the old protocol becomes the usual one of the new. */
export function withProtocol(entries: HostEntries, protocol: Protocol): HostEntries {
  const untouched = entries.port.trim() === String(usualPort[entries.protocol]);
  return { ...entries, protocol, port: untouched ? String(usualPort[protocol]) : entries.port };
}

/** As it is kept: no space around a step, no empty step. */
export function folderOf(typed: string): string {
  return partsOf(typed, /\//).join('/');
}

/** What the API takes. Only for entries without errors. */
export function hostOf(entries: HostEntries): Schemas['HostCreate'] {
  const name = entries.name.trim();
  return {
    name,
    site: entries.site,
    address: entries.address.trim() || name,
    protocol: entries.protocol,
    port: Number(entries.port),
    type: entries.type.trim(),
    operating_system: entries.operating_system.trim(),
    folder: folderOf(entries.folder),
    tags: [...new Set(partsOf(entries.tags, /,/))],
    notes: entries.notes.trim(),
    host_keys: partsOf(entries.host_keys, /\n/),
    host_cas: partsOf(entries.host_cas, /\n/),
    first_use: entries.first_use,
  };
}

/** Only what differs from what is stored. */
export function updateOf(entries: HostEntries, stored: HostEntries): Schemas['HostUpdate'] {
  return changesIn(hostOf(entries), hostOf(stored));
}

/** Whether each line looks like `ssh-ed25519 AAAA…`; whether it is a key, the core says. */
function keysError(typed: string): string | undefined {
  const wrong = typed
    .split('\n')
    .findIndex((line) => line.trim() !== '' && !/^[a-z0-9@.-]+\s+AAAA[\w+/]+=*(\s.*)?$/i.test(line.trim()));
  return wrong < 0 ? undefined : text.hosts.keyWrong(wrong + 1);
}

/** What is wrong before it is sent. */
export function hostErrors(entries: HostEntries): HostErrors {
  return errorsAmong({
    name: entries.name.trim() === '' ? text.hosts.nameMissing : undefined,
    site: entries.site === '' ? text.hosts.siteMissing : undefined,
    port: wholeNumber(entries.port, 65_535) === undefined ? text.hosts.portWrong : undefined,
    host_keys: keysError(entries.host_keys),
    host_cas: keysError(entries.host_cas),
  });
}
