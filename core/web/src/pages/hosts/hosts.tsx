import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { apiRoot } from '~/api/client';
import { type HostFilter, hostsQuery, siteChoicesQuery } from '~/api/remote_queries';
import { protocols } from '~/app/router';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Button, ButtonLink } from '~/ui/button';
import { FilterChip } from '~/ui/choices';
import { DownloadLink } from '~/ui/download_link';
import { NothingFits, PagedTable, rowsOf } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { PickBar, type Picks, pickColumn, usePicked } from '~/ui/pick';
import { Search } from '~/ui/search';
import type { Column } from '~/ui/table';
import { Connect } from './connect';
import { FolderTree } from './folder_tree';
import type { Host } from './host_entries';
import { AddHost } from './host_form';
import { ChangeHosts, RemoveHosts } from './many_hosts';
import { TypeIcon } from './type_icon';
import './hosts.css';

const route = getRouteApi('/app/hosts');

export function HostsPage() {
  const search = route.useSearch();
  const { q, site, folder, tag, protocol } = search;
  const filter: HostFilter = {
    ...(q && { q }),
    ...(site && { site }),
    ...(folder && { folder }),
    ...(tag && { tag }),
    ...(protocol && { protocol }),
  };
  const hosts = useInfiniteQuery(hostsQuery(filter));
  const rows = rowsOf(hosts);
  const filtered = Object.keys(filter).length > 0;
  const picks = usePicked(rows);
  const [open, setOpen] = useState<'nothing' | 'add' | 'change' | 'remove'>('nothing');
  const close = () => setOpen('nothing');
  const done = () => {
    picks.clear();
    close();
  };
  const mayAdd = useMayAdd();
  const navigate = route.useNavigate();
  const words = text.hosts;
  const table = (
    <PagedTable
      list={hosts}
      caption={words.caption}
      columns={columns(mayAdd ? picks : undefined, rows)}
      keyOf={(host) => host.id}
      empty={
        filtered ? (
          <NothingFits title={words.nothingTitle} onClear={() => void navigate({ search: {} })}>
            {words.nothingText}
          </NothingFits>
        ) : (
          <NoHost mayAdd={mayAdd} onAdd={() => setOpen('add')} />
        )
      }
    />
  );
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          {rows.length > 0 && <ExportLink filter={filter} />}
          {mayAdd && <ButtonLink to="/hosts/import">{words.import}</ButtonLink>}
          {mayAdd && (
            <Button look="primary" onClick={() => setOpen('add')}>
              {words.add}
            </Button>
          )}
        </>
      }
    >
      {(rows.length > 0 || filtered) && <Filters />}
      {picks.picked.length > 0 && (
        <PickBar said={words.selected(picks.picked.length)} onClear={picks.clear}>
          <Button onClick={() => setOpen('change')}>{text.bulk.action}</Button>
          <Button onClick={() => setOpen('remove')}>{text.remove}</Button>
        </PickBar>
      )}
      {rows.length > 0 || (hosts.isSuccess && filtered) ? (
        <div className="hosts-layout">
          <FolderTree />
          <div className="stack">{table}</div>
        </div>
      ) : (
        table
      )}
      {open === 'add' && <AddHost {...(site && { site })} {...(folder && { folder })} onClose={close} />}
      {open === 'change' && <ChangeHosts hosts={picks.picked} onDone={done} onClose={close} />}
      {open === 'remove' && <RemoveHosts hosts={picks.picked} onDone={done} onClose={close} />}
    </Page>
  );
}

/** Administrators, and who may change a remote site, add hosts. */
function useMayAdd(): boolean {
  const administrator = useIsAdministrator();
  const sites = useQuery({ ...siteChoicesQuery, enabled: !administrator });
  return administrator || (sites.data?.some((site) => site.rights.includes('change')) ?? false);
}

function ExportLink({ filter }: { filter: HostFilter }) {
  const query = new URLSearchParams({ format: 'csv', ...filter });
  return (
    <DownloadLink href={`${apiRoot}/hosts/export?${query}`} file="sallyport-hosts.csv">
      {text.hosts.exportCsv}
    </DownloadLink>
  );
}

function NoHost({ mayAdd, onAdd }: { mayAdd: boolean; onAdd: () => void }) {
  const sites = useQuery(siteChoicesQuery);
  const words = text.hosts;
  if (!mayAdd) return <EmptyState title={words.emptyTitle}>{words.emptyUser}</EmptyState>;
  if (sites.data?.length === 0) {
    return (
      <EmptyState
        title={words.emptyTitle}
        action={
          <ButtonLink to="/remote-sites" look="primary">
            {text.remoteSites.title}
          </ButtonLink>
        }
      >
        {words.emptyNoSite}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={words.emptyTitle}
      action={
        <div className="row">
          <Button look="primary" onClick={onAdd}>
            {words.add}
          </Button>
          <ButtonLink to="/hosts/import">{words.import}</ButtonLink>
        </div>
      }
    >
      {words.emptyText}
    </EmptyState>
  );
}

function Filters() {
  const { q, site, tag, protocol } = route.useSearch();
  const navigate = route.useNavigate();
  const sites = useQuery({ ...siteChoicesQuery, enabled: site !== undefined });
  const siteName = sites.data?.find((each) => each.id === site)?.name ?? '';
  const words = text.hosts;
  return (
    <div className="hosts-filters">
      <Search
        label={words.searchLabel}
        q={q ?? ''}
        onSearch={(wanted) =>
          void navigate({ search: (before) => ({ ...before, q: wanted }), replace: true })
        }
      />
      <fieldset className="row">
        <legend className="visually-hidden">{words.protocolFilter}</legend>
        {protocols.map((each) => (
          <FilterChip
            key={each}
            label={words.protocols[each]}
            pressed={protocol === each}
            onToggle={() =>
              void navigate({
                search: (before) => ({ ...before, protocol: protocol === each ? undefined : each }),
                replace: true,
              })
            }
          />
        ))}
      </fieldset>
      {site && (
        <Chosen
          words={words.inSite(siteName)}
          onDrop={() => void navigate({ search: (before) => ({ ...before, site: undefined }) })}
        />
      )}
      {tag && (
        <Chosen
          words={words.withTag(tag)}
          onDrop={() => void navigate({ search: (before) => ({ ...before, tag: undefined }) })}
        />
      )}
    </div>
  );
}

/** A filter that came from elsewhere; pressing it takes it away. */
function Chosen({ words, onDrop }: { words: string; onDrop: () => void }) {
  return (
    <button type="button" className="filter-chip chosen" aria-pressed="true" onClick={onDrop}>
      {words}
      <X aria-hidden="true" />
    </button>
  );
}

export function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span className="row">
      {tags.map((tag) => (
        <Link
          key={tag}
          to="/hosts"
          search={{ tag }}
          className="tag"
          activeProps={{ 'aria-current': undefined }}
          title={text.hosts.onlyTag(tag)}
        >
          {tag}
        </Link>
      ))}
    </span>
  );
}

function addressOf(host: Host): string {
  const address = host.address === host.name ? '' : host.address;
  return [address, text.hosts.protocols[host.protocol], String(host.port)].filter(Boolean).join(' · ');
}

function columns(picks: Picks<Host> | undefined, rows: readonly Host[]): Column<Host>[] {
  const words = text.hosts.columns;
  return [
    ...(picks ? [pickColumn(picks, rows, text.hosts.select)] : []),
    {
      key: 'host',
      head: words.host,
      cell: (host) => (
        <span className="host-cell">
          <TypeIcon host={host} />
          <span>
            <Link to="/hosts/$id" params={{ id: host.id }} className="cell-main">
              {host.name}
            </Link>
            <span className="cell-more">
              {[host.operating_system || host.type, host.folder].filter(Boolean).join(' · ')}
            </span>
          </span>
        </span>
      ),
    },
    { key: 'address', head: words.address, wideOnly: true, cell: addressOf },
    { key: 'site', head: words.site, wideOnly: true, cell: (host) => host.site.name },
    { key: 'tags', head: words.tags, wideOnly: true, cell: (host) => <Tags tags={host.tags} /> },
    {
      key: 'connect',
      head: words.connect,
      headHidden: true,
      numeric: true,
      cell: (host) => <Connect host={host} />,
    },
  ];
}
