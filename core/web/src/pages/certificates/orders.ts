import type { Schemas } from '~/api/client';
import { partsOf } from '~/api/entries';

export type Order = Schemas['CertificateOrder'];
export type Ordered = Schemas['OrderedCertificate'];
type NewOrder = Schemas['NewCertificateOrder'];

/** One certificate with the order that it is of. */
export type OrderRow = { order: Order; certificate: Ordered };

const attention = { failed: 0, requesting: 1, ordering: 2, installing: 3, installed: 4 } as const;

/** A row for each certificate, what needs somebody first. */
export function rowsOf(orders: readonly Order[]): OrderRow[] {
  return orders
    .flatMap((order) => order.certificates.map((certificate) => ({ order, certificate })))
    .sort((a, b) => attention[a.certificate.state] - attention[b.certificate.state]);
}

export const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';

/** As it is typed. */
export type Entries = {
  names: string;
  directory: string;
  contact: string;
  profile: string;
  ca_roots: string;
  external_id: string;
  external_key: string;
  challenge: NonNullable<NewOrder['challenge']>;
  name_server: string;
  dns_key: string;
  zone: string;
  hook: string;
  terms_agreed: boolean;
};

export const empty: Entries = {
  names: '',
  directory: letsEncrypt,
  contact: '',
  profile: '',
  ca_roots: '',
  external_id: '',
  external_key: '',
  challenge: 'http-01',
  name_server: '',
  dns_key: '',
  zone: '',
  hook: '',
  terms_agreed: false,
};

const always = ['contact', 'profile', 'ca_roots', 'external_id', 'external_key'] as const;
const byDns = ['name_server', 'dns_key', 'zone', 'hook'] as const;

/** What is asked for: what was left empty is left out, and so is what the challenge does not need. */
export function orderOf(entries: Entries): NewOrder {
  const { names, directory, challenge, terms_agreed } = entries;
  const order: NewOrder = {
    names: partsOf(names, /[\s,]+/),
    directory: directory.trim(),
    challenge,
    terms_agreed,
  };
  for (const member of challenge === 'dns-01' ? [...always, ...byDns] : always) {
    const typed = entries[member].trim();
    if (typed !== '') order[member] = typed;
  }
  return order;
}
