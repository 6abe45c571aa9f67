import { useQuery } from '@tanstack/react-query';
import { certificatesQuery } from '~/api/queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { Badge } from '~/ui/badge';
import { ButtonLink } from '~/ui/button';
import { Light } from '~/ui/light';
import { Awaited, EmptyState, Page } from '~/ui/parts';
import { type Column, Table } from '~/ui/table';
import { byUrgency, type Certificate, grouped, namesOf, placeOf } from './facts';
import { Orders } from './orders_card';

/** Every certificate of the site: where, until when, who renews it. */
export function CertificatesPage() {
  const certificates = useQuery(certificatesQuery);
  const rows = certificates.data && byUrgency(certificates.data);
  return (
    <Page
      title={text.certificates.title}
      lead={text.certificates.lead}
      actions={
        <>
          <ButtonLink to="/certificates/advice">{text.advice.title}</ButtonLink>
          <ButtonLink to="/trust">{text.certificates.trust}</ButtonLink>
        </>
      }
    >
      {!certificates.data && <Awaited of={certificates} />}
      {rows?.length === 0 && (
        <EmptyState title={text.certificates.emptyTitle}>{text.certificates.emptyText}</EmptyState>
      )}
      {rows && rows.length > 0 && (
        <Table
          caption={text.certificates.caption}
          columns={columns()}
          rows={rows}
          keyOf={(one) => `${one.owner?.id ?? ''} ${one.place}`}
        />
      )}
      <Orders />
    </Page>
  );
}

function Left({ certificate }: { certificate: Certificate }) {
  const words = text.certificates.left(certificate.days_left);
  if (certificate.light === 'green') return words;
  return <Badge tone={certificate.light === 'red' ? 'danger' : 'warning'}>{words}</Badge>;
}

function columns(): Column<Certificate>[] {
  const words = text.certificates.columns;
  return [
    {
      key: 'place',
      head: words.place,
      cell: (one) => (
        <>
          <span className="cell-main">{placeOf(one)}</span>
          <span className="cell-more">{namesOf(one)}</span>
        </>
      ),
    },
    {
      key: 'state',
      head: words.state,
      cell: (one) => (
        <>
          <Light colour={one.light} />
          <span className="cell-more">{one.reason || text.certificates.well(one.renewed_by)}</span>
        </>
      ),
    },
    {
      key: 'left',
      head: words.left,
      cell: (one) => (
        <>
          <Left certificate={one} />
          <span className="cell-more cell-time">
            <When at={one.not_after} />
          </span>
        </>
      ),
    },
    {
      key: 'renewal',
      head: words.renewal,
      wideOnly: true,
      cell: (one) => one.renewed_by || text.certificates.byHand,
    },
    {
      key: 'issuer',
      head: words.issuer,
      wideOnly: true,
      cell: (one) => (
        <>
          {one.issuer}
          <span className="cell-more" title={grouped(one.fingerprint)}>
            {text.certificates.fingerprint} {grouped(one.fingerprint.slice(0, 12))}…
          </span>
        </>
      ),
    },
    { key: 'seen', head: words.seen, wideOnly: true, cell: (one) => <When at={one.seen_at} /> },
  ];
}
