import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { edgesQuery } from '~/api/queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { Light } from '~/ui/light';
import { Awaited, EmptyState, Page } from '~/ui/parts';
import { type Column, Table } from '~/ui/table';
import { AddSite } from './add_site';
import { CertificateDays, lightOf, reasonOf, Skew } from './facts';

export type Edge = Schemas['Edge'];

export function SitesPage() {
  const sites = useQuery(edgesQuery);
  const administrator = useIsAdministrator();
  const [adding, setAdding] = useState(false);
  const rows = sites.data?.filter((site) => site.state !== 'removed');
  return (
    <Page
      title={text.sites.title}
      lead={text.sites.lead}
      actions={
        administrator && (
          <Button look="primary" onClick={() => setAdding(true)}>
            {text.sites.add}
          </Button>
        )
      }
    >
      {!sites.data && <Awaited of={sites} />}
      {rows?.length === 0 && (
        <EmptyState title={text.sites.emptyTitle}>
          {administrator ? text.sites.emptyText : text.sites.emptyUser}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Table caption={text.sites.caption} columns={columns()} rows={rows} keyOf={(site) => site.id} />
      )}
      {adding && <AddSite onClose={() => setAdding(false)} />}
    </Page>
  );
}

function StateCell({ site }: { site: Edge }) {
  return (
    <>
      <Light colour={lightOf(site)} />
      <span className="cell-more">{reasonOf(site)}</span>
    </>
  );
}

function columns(): Column<Edge>[] {
  const words = text.sites.columns;
  return [
    {
      key: 'site',
      head: words.site,
      cell: (site) => (
        <>
          <Link to="/sites/$id" params={{ id: site.id }} className="cell-main">
            {site.name}
          </Link>
          <span className="cell-more">{site.public_url}</span>
        </>
      ),
    },
    { key: 'state', head: words.state, cell: (site) => <StateCell site={site} /> },
    {
      key: 'contact',
      head: words.contact,
      wideOnly: true,
      cell: (site) => (site.last_contact ? <When at={site.last_contact} /> : text.never),
    },
    {
      key: 'waiting',
      head: words.waiting,
      wideOnly: true,
      cell: (site) => text.sites.waiting(site.items_waiting, site.events_waiting),
    },
    { key: 'skew', head: words.skew, wideOnly: true, cell: (site) => <Skew site={site} /> },
    {
      key: 'certificate',
      head: words.certificate,
      wideOnly: true,
      cell: (site) => <CertificateDays site={site} />,
    },
    { key: 'version', head: words.version, wideOnly: true, cell: (site) => site.version ?? text.unknown },
  ];
}
