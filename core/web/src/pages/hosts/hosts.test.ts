import { describe, expect, it } from 'vitest';
import { problemOf } from '~/api/problem';
import { planOf, wantsReason } from './connect_plan';
import { folderTree, liesIn } from './folders';
import {
  entriesOf,
  freshHost,
  type Host,
  type HostEntries,
  hostErrors,
  hostOf,
  updateOf,
  withProtocol,
} from './host_entries';
import { alikeErrors, alikeOf, changeOf } from './many_entries';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ5';

function entries(more: Partial<HostEntries> = {}): HostEntries {
  return { ...freshHost('s', 'Linux'), name: 'web-1', ...more };
}

function host(more: Partial<Host> = {}): Host {
  return {
    id: 'h',
    name: 'web-1',
    site: { id: 's', name: 'Acme' },
    address: '10.1.2.3',
    port: 22,
    protocol: 'ssh',
    type: 'server',
    operating_system: 'Debian 12',
    folder: 'Linux/Web',
    tags: ['web', 'production'],
    notes: '',
    host_keys: [key],
    host_key_fingerprints: ['SHA256:x'],
    host_cas: [],
    first_use: true,
    rights: ['use'],
    revision: 1,
    created_at: '2026-01-01T00:00:00Z',
    changed_at: '2026-01-01T00:00:00Z',
    ...more,
  };
}

describe('a host', () => {
  it('comes back from the form as it was', () => {
    expect(updateOf(entriesOf(host()), entriesOf(host()))).toEqual({});
  });

  it('is sent only where it was changed', () => {
    const stored = entriesOf(host());
    expect(updateOf({ ...stored, tags: 'web', folder: ' Linux / DB /' }, stored)).toEqual({
      tags: ['web'],
      folder: 'Linux/DB',
    });
  });

  it('has its name as address, unless another is given', () => {
    expect(hostOf(entries()).address).toBe('web-1');
    expect(hostOf(entries({ address: ' 10.0.0.1 ' })).address).toBe('10.0.0.1');
  });

  it('has each tag and key once, without empty ones', () => {
    const made = hostOf(entries({ tags: 'a, b,,a ', host_keys: `\n${key}\n` }));
    expect(made.tags).toEqual(['a', 'b']);
    expect(made.host_keys).toEqual([key]);
  });

  it('takes the usual port of its protocol, and keeps one that was typed', () => {
    expect(withProtocol(entries(), 'rdp').port).toBe('3389');
    expect(withProtocol(entries({ port: '2222' }), 'rdp').port).toBe('2222');
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ site: '' }, 'site'],
    [{ port: '0' }, 'port'],
    [{ port: '65536' }, 'port'],
    [{ host_keys: 'SHA256:x' }, 'host_keys'],
    [{ host_cas: `${key}\nnonsense` }, 'host_cas'],
  ] as const)('is looked at before it is sent: %j', (wrong, field) => {
    expect(Object.keys(hostErrors(entries(wrong)))).toEqual([field]);
  });

  it('may have keys with a comment', () => {
    expect(hostErrors(entries({ host_keys: `${key} root@web-1\n` }))).toEqual({});
  });
});

describe('folders', () => {
  it('are a tree that counts what lies below', () => {
    const tree = folderTree([
      { folder: 'Linux/Web', hosts: 2 },
      { folder: 'Linux', hosts: 1 },
      { folder: '', hosts: 9 },
      { folder: 'Linux/Web', hosts: 3 },
      { folder: 'Acme', hosts: 1 },
    ]);

    expect(tree.map((folder) => [folder.name, folder.hosts])).toEqual([
      ['Acme', 1],
      ['Linux', 6],
    ]);
    expect(tree[1]?.folders.map((folder) => [folder.path, folder.hosts])).toEqual([['Linux/Web', 5]]);
  });

  it('hold themselves and what is in them, not what begins alike', () => {
    expect(liesIn('Linux/Web', 'Linux')).toBe(true);
    expect(liesIn('Linux', 'Linux')).toBe(true);
    expect(liesIn('Linux2', 'Linux')).toBe(false);
    expect(liesIn(undefined, 'Linux')).toBe(false);
  });
});

describe('the way to a session', () => {
  const one = { id: 'c', name: 'root of the web servers', login: 'root', kind: 'password' } as const;

  it('asks nothing that has one answer only', () => {
    expect(planOf([one])).toEqual({ kind: 'go', credential: 'c' });
    expect(planOf([one, { ...one, id: 'd' }]).kind).toBe('ask');
  });

  it('says at once that there is none', () => {
    expect(planOf([]).kind).toBe('no_credential');
  });

  it('asks why when the core wants to know', () => {
    const errors = [{ field: 'reason', detail: 'this site asks for one' }];
    expect(wantsReason(problemOf(422, { code: 'invalid_input', errors }))).toBe(true);
    expect(wantsReason(problemOf(503, { code: 'unavailable', detail: 'The gateway is away.' }))).toBe(false);
  });
});

describe('many hosts at once', () => {
  const typed = { ...alikeOf(host()), folder: ' Linux / Web ', add_tags: 'web, web, prod', notes: 'n' };

  it('sends what is ticked alone, as the core keeps it', () => {
    expect(changeOf(typed, ['folder', 'tags'])).toEqual({
      folder: 'Linux/Web',
      add_tags: ['web', 'prod'],
      remove_tags: [],
    });
    expect(changeOf(typed, ['site', 'first_use'])).toEqual({ site: 's', first_use: true });
  });

  it('wants a tag where tags are ticked', () => {
    expect(alikeErrors(typed, ['tags'])).toEqual({});
    const none = { ...typed, add_tags: ' , ' };
    expect(Object.keys(alikeErrors(none, ['tags']))).toEqual(['tags']);
    expect(alikeErrors(none, ['folder'])).toEqual({});
  });
});
