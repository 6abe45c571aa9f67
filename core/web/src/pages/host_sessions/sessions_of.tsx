import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hostSessionsQuery } from '~/api/session_queries';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Card, LoadFailed, Loading } from '~/ui/parts';
import { Table } from '~/ui/table';
import { sessionColumns } from './columns';

const shown = 10;

/** The latest sessions with a host, or at a remote site, and the way to all of them. */
export function SessionsOf({ filter }: { filter: { host: string } | { site: string } }) {
  const all = useIsAdministrator();
  const sessions = useInfiniteQuery(hostSessionsQuery({ ...filter, ...(all && { all }) }));
  const rows = sessions.data?.pages.flatMap((page) => page.items) ?? [];
  const words = text.hostSessions;
  return (
    <Card
      title={words.title}
      actions={
        rows.length > shown && (
          <Link to="/sessions" search={{ ...filter, all: all || undefined }}>
            {words.allOf}
          </Link>
        )
      }
    >
      {sessions.isPending && <Loading />}
      {sessions.isError && !sessions.data && (
        <LoadFailed error={sessions.error} onRetry={() => void sessions.refetch()} />
      )}
      {sessions.isSuccess && rows.length === 0 && <p className="dim">{words.emptyTitle}.</p>}
      {rows.length > 0 && (
        <Table
          caption={words.caption}
          columns={sessionColumns}
          rows={rows.slice(0, shown)}
          keyOf={(session) => session.id}
        />
      )}
    </Card>
  );
}
