import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { answer, api, apiRoot, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { type AuditFilter, auditQuery } from '~/api/queries';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { DownloadLink } from '~/ui/download_link';
import { PagedTable } from '~/ui/list';
import { EmptyState, Note, Page } from '~/ui/parts';
import { complain } from '~/ui/toast';
import { auditColumns } from './columns';
import { filterOf } from './filter';
import { AuditFilters } from './filters';

const route = getRouteApi('/app/audit');

export function AuditPage() {
  const search = route.useSearch();
  const filter = filterOf(search);
  const events = useInfiniteQuery(auditQuery(filter));
  const verify = useMutation({
    mutationFn: () => answer(api.POST('/audit/verify')),
    onError: (error) => complain(problemText(error)),
  });
  return (
    <Page
      title={text.audit.title}
      lead={text.audit.lead}
      actions={
        <>
          <ExportLink format="csv" filter={filter} label={text.audit.exportCsv} />
          <ExportLink format="jsonl" filter={filter} label={text.audit.exportJsonl} />
          <Button
            icon={<ShieldCheck aria-hidden="true" />}
            busy={verify.isPending}
            onClick={() => verify.mutate()}
          >
            {text.audit.verify}
          </Button>
        </>
      }
    >
      <div role="status">{verify.data && <Verified result={verify.data} />}</div>
      <AuditFilters />
      <PagedTable
        list={events}
        caption={text.audit.caption}
        columns={auditColumns}
        keyOf={(event) => String(event.seq)}
        empty={<EmptyState title={text.audit.emptyTitle}>{text.audit.emptyText}</EmptyState>}
      />
    </Page>
  );
}

type ExportLinkProps = { format: 'csv' | 'jsonl'; filter: AuditFilter; label: string };

function ExportLink({ format, filter, label }: ExportLinkProps) {
  const query = new URLSearchParams({ format, ...filter });
  return (
    <DownloadLink href={`${apiRoot}/audit/export?${query}`} file={`audit.${format}`}>
      {label}
    </DownloadLink>
  );
}

function Verified({ result }: { result: Schemas['AuditVerification'] }) {
  if (result.intact) return <Note tone="success">{text.audit.intact(result.checked)}</Note>;
  return (
    <Note tone="danger" title={text.audit.broken(result.at_seq)}>
      {[result.problem, text.audit.brokenText].filter(Boolean).join(' ')}
    </Note>
  );
}
