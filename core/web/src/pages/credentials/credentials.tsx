import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FileKey, FileKey2, RectangleEllipsis } from 'lucide-react';
import type { ReactElement } from 'react';
import { useState } from 'react';
import { credentialsQuery } from '~/api/remote_queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { PagedTable, rowsOf } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { Search } from '~/ui/search';
import type { Column } from '~/ui/table';
import type { Credential, CredentialKind } from './credential_entries';
import { AddCredential } from './credential_form';
import './credentials.css';

const route = getRouteApi('/app/credentials');

export function CredentialsPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const administrator = useIsAdministrator();
  const credentials = useInfiniteQuery(credentialsQuery(q ? { q } : {}));
  const rows = rowsOf(credentials);
  const [adding, setAdding] = useState(false);
  const words = text.credentials;
  const add = administrator && (
    <Button look="primary" onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} actions={add}>
      {(rows.length > 0 || q) && (
        <div className="list-search">
          <Search
            label={words.searchLabel}
            q={q ?? ''}
            onSearch={(wanted) => void navigate({ search: { q: wanted }, replace: true })}
          />
        </div>
      )}
      <PagedTable
        list={credentials}
        caption={words.caption}
        columns={columns}
        keyOf={(credential) => credential.id}
        empty={
          q ? (
            <EmptyState title={words.nothingTitle}>{words.nothingText}</EmptyState>
          ) : (
            <EmptyState title={words.emptyTitle} action={add}>
              {administrator ? words.emptyText : words.emptyUser}
            </EmptyState>
          )
        }
      />
      {adding && <AddCredential onClose={() => setAdding(false)} />}
    </Page>
  );
}

const icons: Record<CredentialKind, ReactElement> = {
  password: <RectangleEllipsis className="credential-icon" aria-hidden="true" />,
  key: <FileKey className="credential-icon" aria-hidden="true" />,
  certificate: <FileKey2 className="credential-icon" aria-hidden="true" />,
};

/** In words: which hosts it is for. */
export function boundTo(credential: Pick<Credential, 'hosts' | 'hosts_except'>): string {
  const words = text.credentials;
  const hosts = credential.hosts.map((pattern) => (pattern === '*' ? words.anyHost : pattern)).join(', ');
  if (credential.hosts_except.length === 0) return hosts;
  return `${hosts}, ${words.boundExcept(credential.hosts_except.join(', '))}`;
}

const columns: readonly Column<Credential>[] = [
  {
    key: 'name',
    head: text.credentials.columns.name,
    cell: (credential) => (
      <span className="credential-cell">
        {icons[credential.kind]}
        <span>
          <Link to="/credentials/$id" params={{ id: credential.id }} className="cell-main">
            {credential.name}
          </Link>
          <span className="cell-more">{text.credentials.kinds[credential.kind]}</span>
        </span>
      </span>
    ),
  },
  {
    key: 'login',
    head: text.credentials.columns.login,
    cell: (credential) => <code>{credential.login}</code>,
  },
  {
    key: 'hosts',
    head: text.credentials.columns.hosts,
    wideOnly: true,
    cell: (credential) => (
      <>
        <span className="credential-hosts">{boundTo(credential)}</span>
        <span className="cell-more">{credential.site?.name ?? text.credentials.anySite}</span>
      </>
    ),
  },
  {
    key: 'changed',
    head: text.credentials.columns.changed,
    wideOnly: true,
    cell: (credential) => <When at={credential.changed_at} />,
  },
];
