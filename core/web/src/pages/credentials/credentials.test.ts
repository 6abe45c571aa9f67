import { describe, expect, it } from 'vitest';
import {
  type Credential,
  type CredentialEntries,
  credentialErrors,
  credentialOf,
  entriesOf,
  freshCredential,
  updateOf,
} from './credential_entries';
import { isFor } from './patterns';

const key = '-----BEGIN OPENSSH PRIVATE KEY-----\r\nabc\r\n-----END OPENSSH PRIVATE KEY-----';

function entries(more: Partial<CredentialEntries> = {}): CredentialEntries {
  return { ...freshCredential, name: 'web', login: 'root', hosts: 'web-*', password: 'secret', ...more };
}

const stored: Credential = {
  id: 'c',
  name: 'web',
  login: 'root',
  kind: 'password',
  site: { id: 's', name: 'Acme' },
  hosts: ['web-*'],
  hosts_except: ['web-9'],
  notes: '',
  has_passphrase: false,
  certificate: null,
  rights: ['use'],
  revision: 3,
  created_at: '2026-01-01T00:00:00Z',
  changed_at: '2026-01-01T00:00:00Z',
};

describe('a credential', () => {
  it('is sent with the secret of its kind alone', () => {
    const typed = { password: ' p ', private_key: key, passphrase: 'x', certificate: 'ssh-ed25519-cert' };
    expect(credentialOf(entries(typed))).toMatchObject({ kind: 'password', password: ' p ' });
    expect(credentialOf(entries(typed))).not.toHaveProperty('private_key');

    const withKey = credentialOf(entries({ ...typed, kind: 'key' }));
    expect(withKey).not.toHaveProperty('password');
    expect(withKey).not.toHaveProperty('certificate');
    expect(withKey.passphrase).toBe('x');
    expect(withKey.private_key).toBe(`${key.replaceAll('\r\n', '\n')}\n`);

    expect(credentialOf(entries({ ...typed, kind: 'certificate' })).certificate).toBe('ssh-ed25519-cert');
  });

  it('comes back from the form as it was, with its secret kept', () => {
    const back = entriesOf(stored);
    expect(updateOf(back, back)).toEqual({});
    expect(credentialErrors(back, 'password')).toEqual({});
    expect(updateOf({ ...back, site: '', password: 'new' }, back)).toEqual({ site: null, password: 'new' });
  });

  it('of another kind needs the new secret', () => {
    const other = { ...entriesOf(stored), kind: 'key' } as const;
    expect(Object.keys(credentialErrors(other, 'password'))).toEqual(['private_key']);
    expect(updateOf({ ...other, private_key: key }, entriesOf(stored))).toMatchObject({ kind: 'key' });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ login: ' ' }, 'login'],
    [{ hosts: ' \n, ' }, 'hosts'],
    [{ hosts: 'web 1' }, 'hosts'],
    [{ hosts_except: `${'a'.repeat(201)}` }, 'hosts_except'],
    [{ password: '' }, 'password'],
    [{ kind: 'key' }, 'private_key'],
    [{ kind: 'key', private_key: 'ssh-ed25519 AAAA' }, 'private_key'],
    [{ kind: 'certificate', private_key: key }, 'certificate'],
  ] as const)('is looked at before it is sent: %j', (wrong, field) => {
    expect(Object.keys(credentialErrors(entries(wrong), null))).toEqual([field]);
  });
});

describe('patterns', () => {
  it.each([
    ['web-*', 'web-1.acme.example', true],
    ['WEB-?', 'web-1', true],
    ['web-?', 'web-10', false],
    ['*.acme.example', 'db.acme.example', true],
    ['*.acme.example', 'dbXacmeXexample', false],
    ['web', 'web-1', false],
    ['[a-z]*', 'web', false],
    ['*', 'anything', true],
  ])('%s fits %s: %s', (pattern, name, expected) => {
    expect(isFor([pattern], [], name)).toBe(expected);
  });

  it('leave out what is excepted', () => {
    expect(isFor(['web-*'], ['web-9'], 'web-9')).toBe(false);
    expect(isFor(['web-*'], ['web-9'], 'web-8')).toBe(true);
  });
});
