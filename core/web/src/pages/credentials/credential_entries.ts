import type { Schemas } from '~/api/client';
import { changesIn, partsOf } from '~/api/entries';
import { text } from '~/text';

export type Credential = Schemas['Credential'];
export type CredentialKind = Schemas['CredentialKind'];
export const credentialKinds = [
  'password',
  'key',
  'certificate',
] as const satisfies readonly CredentialKind[];

/** A credential as it is typed. What is stored never comes back here: an empty secret means that it stays. */
export type CredentialEntries = {
  name: string;
  kind: CredentialKind;
  login: string;
  site: string;
  hosts: string;
  hosts_except: string;
  notes: string;
  password: string;
  private_key: string;
  passphrase: string;
  certificate: string;
};

export type CredentialErrors = Partial<Record<keyof CredentialEntries, string>>;

export const emptySecrets = { password: '', private_key: '', passphrase: '', certificate: '' } as const;

export const freshCredential: CredentialEntries = {
  name: '',
  kind: 'password',
  login: '',
  site: '',
  hosts: '',
  hosts_except: '',
  notes: '',
  ...emptySecrets,
};

export function entriesOf(credential: Credential): CredentialEntries {
  return {
    name: credential.name,
    kind: credential.kind,
    login: credential.login,
    site: credential.site?.id ?? '',
    hosts: credential.hosts.join('\n'),
    hosts_except: credential.hosts_except.join('\n'),
    notes: credential.notes,
    ...emptySecrets,
  };
}

/** A key is sent with the end of line that OpenSSH wants, however it was pasted. */
function pasted(key: string): string {
  return `${key.replaceAll('\r\n', '\n').trim()}\n`;
}

type Secrets = { password?: string; private_key?: string; passphrase?: string; certificate?: string };

/** The secrets that belong to the kind, and were typed. */
export function secretsOf(entries: CredentialEntries): Secrets {
  if (entries.kind === 'password') return entries.password === '' ? {} : { password: entries.password };
  const withCertificate = entries.kind === 'certificate' && entries.certificate.trim() !== '';
  return {
    ...(entries.private_key.trim() !== '' && { private_key: pasted(entries.private_key) }),
    ...(entries.private_key.trim() !== '' && entries.passphrase !== '' && { passphrase: entries.passphrase }),
    ...(withCertificate && { certificate: entries.certificate.trim() }),
  };
}

function plainOf(entries: CredentialEntries) {
  return {
    name: entries.name.trim(),
    login: entries.login.trim(),
    site: entries.site || null,
    hosts: partsOf(entries.hosts),
    hosts_except: partsOf(entries.hosts_except),
    notes: entries.notes.trim(),
  };
}

/** What the API takes. Only for entries without errors. */
export function credentialOf(entries: CredentialEntries): Schemas['CredentialCreate'] {
  return { kind: entries.kind, ...plainOf(entries), ...secretsOf(entries) };
}

/** Only what differs from what is stored, and the secrets that were typed. */
export function updateOf(entries: CredentialEntries, stored: CredentialEntries): Schemas['CredentialUpdate'] {
  const kind = entries.kind === stored.kind ? {} : { kind: entries.kind };
  return { ...changesIn(plainOf(entries), plainOf(stored)), ...kind, ...secretsOf(entries) };
}

function keyError(typed: string): string | undefined {
  if (typed.trim() === '') return text.credentials.keyMissing;
  return typed.trim().startsWith('-----BEGIN') ? undefined : text.credentials.keyWrong;
}

/** `stored` is the kind whose secret the core has: then none has to be typed again. */
function secretErrors(entries: CredentialEntries, stored: CredentialKind | null): CredentialErrors {
  const words = text.credentials;
  const kept = stored === entries.kind;
  if (entries.kind === 'password') {
    return entries.password === '' && !kept ? { password: words.passwordMissing } : {};
  }
  const key = entries.private_key.trim() === '' && kept ? undefined : keyError(entries.private_key);
  const certificate =
    entries.kind === 'certificate' && entries.certificate.trim() === '' && !kept
      ? words.certificateMissing
      : undefined;
  return { ...(key && { private_key: key }), ...(certificate && { certificate }) };
}

/** What is wrong before it is sent. */
export function credentialErrors(
  entries: CredentialEntries,
  stored: CredentialKind | null,
): CredentialErrors {
  const words = text.credentials;
  const wrongPattern = (typed: string) =>
    partsOf(typed).find((pattern) => pattern.length > 200 || /\s/.test(pattern));
  const wrong = wrongPattern(entries.hosts);
  const wrongExcept = wrongPattern(entries.hosts_except);
  return {
    ...(entries.name.trim() === '' && { name: words.nameMissing }),
    ...(entries.login.trim() === '' && { login: words.loginMissing }),
    ...(partsOf(entries.hosts).length === 0 && { hosts: words.hostsMissing }),
    ...(wrong && { hosts: words.patternWrong(wrong) }),
    ...(wrongExcept && { hosts_except: words.patternWrong(wrongExcept) }),
    ...secretErrors(entries, stored),
  };
}
