import { describe, expect, it } from 'vitest';
import { empty, letsEncrypt, type Order, type Ordered, orderOf, rowsOf } from './orders';

function certificate(name: string, state: Ordered['state']): Ordered {
  return {
    edge: { id: name, name },
    state,
    since: '2026-06-01T00:00:00.000Z',
    problem: '',
    failures: 0,
    next: null,
    installed_at: null,
    issuer: '',
    not_after: null,
  };
}

function order(...certificates: Ordered[]): Order {
  return {
    id: 'x',
    created_at: '2026-06-01T00:00:00.000Z',
    names: ['portal.example'],
    directory: letsEncrypt,
    contact: '',
    profile: '',
    external_id: '',
    challenge: 'http-01',
    name_server: '',
    zone: '',
    seen_by: [],
    hook: '',
    state: 'installed',
    certificates,
  };
}

describe('an order', () => {
  it('leaves out what was left empty', () => {
    const typed = {
      ...empty,
      names: 'a.example\n *.a.example, ',
      contact: ' ops@example.com ',
      terms_agreed: true,
    };
    expect(orderOf(typed)).toEqual({
      names: ['a.example', '*.a.example'],
      directory: letsEncrypt,
      challenge: 'http-01',
      contact: 'ops@example.com',
      terms_agreed: true,
    });
  });

  it('asks for a name server only by DNS', () => {
    const typed = { ...empty, name_server: '192.0.2.53', dns_key: 'acme:AAAA' };
    expect(orderOf(typed)).not.toHaveProperty('name_server');
    expect(orderOf({ ...typed, challenge: 'dns-01' })).toMatchObject({
      name_server: '192.0.2.53',
      dns_key: 'acme:AAAA',
    });
  });

  it('shows a row for each certificate, what failed first', () => {
    const rows = rowsOf([
      order(certificate('a', 'installed')),
      order(certificate('b', 'ordering'), certificate('c', 'failed')),
    ]);
    expect(rows.map((row) => row.certificate.edge.name)).toEqual(['c', 'b', 'a']);
  });
});
