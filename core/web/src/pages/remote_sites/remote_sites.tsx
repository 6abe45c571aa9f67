import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { apiRoot } from '~/api/client';
import { sitesQuery } from '~/api/remote_queries';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { DownloadLink } from '~/ui/download_link';
import { PagedTable, rowsOf } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { PickBar, type Picks, pickColumn, usePicked } from '~/ui/pick';
import { Search } from '~/ui/search';
import type { Column } from '~/ui/table';
import { AddRemoteSite } from './add_remote_site';
import { BulkChange } from './bulk_change';
import { limitsOf, Recorded, SiteState } from './facts';
import type { Site } from './site_entries';
import './remote_sites.css';

const route = getRouteApi('/app/remote-sites');

export function RemoteSitesPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const administrator = useIsAdministrator();
  const sites = useInfiniteQuery(sitesQuery(q));
  const rows = rowsOf(sites);
  const picks = usePicked(rows);
  const [open, setOpen] = useState<'nothing' | 'add' | 'bulk'>('nothing');
  const words = text.remoteSites;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          {rows.length > 0 && <ExportLink q={q} />}
          {administrator && (
            <Button look="primary" onClick={() => setOpen('add')}>
              {words.add}
            </Button>
          )}
        </>
      }
    >
      {(rows.length > 0 || q) && (
        <div className="list-search">
          <Search
            label={words.searchLabel}
            q={q ?? ''}
            onSearch={(wanted) => void navigate({ search: { q: wanted }, replace: true })}
          />
        </div>
      )}
      {picks.picked.length > 0 && (
        <PickBar said={words.selected(picks.picked.length)} onClear={picks.clear}>
          <Button onClick={() => setOpen('bulk')}>{text.bulk.action}</Button>
        </PickBar>
      )}
      <PagedTable
        list={sites}
        caption={words.caption}
        columns={columns(administrator ? picks : undefined, rows)}
        keyOf={(site) => site.id}
        empty={
          <NoSite filtered={q !== undefined} administrator={administrator} onAdd={() => setOpen('add')} />
        }
      />
      {open === 'add' && <AddRemoteSite onClose={() => setOpen('nothing')} />}
      {open === 'bulk' && (
        <BulkChange
          sites={picks.picked}
          onDone={() => {
            picks.clear();
            setOpen('nothing');
          }}
          onClose={() => setOpen('nothing')}
        />
      )}
    </Page>
  );
}

function ExportLink({ q }: { q: string | undefined }) {
  const query = new URLSearchParams({ format: 'csv', ...(q && { q }) });
  return (
    <DownloadLink href={`${apiRoot}/sites/export?${query}`} file="sallyport-sites.csv">
      {text.remoteSites.exportCsv}
    </DownloadLink>
  );
}

type NoSiteProps = { filtered: boolean; administrator: boolean; onAdd: () => void };

function NoSite({ filtered, administrator, onAdd }: NoSiteProps) {
  const words = text.remoteSites;
  if (filtered) return <EmptyState title={words.nothingTitle}>{words.nothingText}</EmptyState>;
  if (!administrator) return <EmptyState title={words.emptyTitle}>{words.emptyUser}</EmptyState>;
  return (
    <EmptyState
      title={words.emptyTitle}
      action={
        <Button look="primary" onClick={onAdd}>
          {words.add}
        </Button>
      }
    >
      {words.emptyText}
    </EmptyState>
  );
}

function columns(picks: Picks<Site> | undefined, rows: readonly Site[]): Column<Site>[] {
  const words = text.remoteSites.columns;
  return [
    ...(picks ? [pickColumn(picks, rows, text.remoteSites.select)] : []),
    {
      key: 'site',
      head: words.site,
      cell: (site) => (
        <>
          <Link to="/remote-sites/$id" params={{ id: site.id }} className="cell-main">
            {site.name}
          </Link>
          {site.notes && <span className="cell-more cell-one-line">{site.notes}</span>}
        </>
      ),
    },
    { key: 'state', head: words.state, cell: (site) => <SiteState site={site} /> },
    {
      key: 'hosts',
      head: words.hosts,
      wideOnly: true,
      cell: (site) => text.remoteSites.counts(site.hosts, site.credentials),
    },
    { key: 'limits', head: words.limits, wideOnly: true, cell: (site) => limitsOf(site) },
    { key: 'recording', head: words.recording, wideOnly: true, cell: (site) => <Recorded site={site} /> },
  ];
}
