import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hostSessionsQuery } from '~/api/session_queries';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { rowsOf } from '~/ui/list';
import { Awaited, Card } from '~/ui/parts';
import { Table } from '~/ui/table';
import { sessionColumns } from './columns';

const shown = 10;

/** The latest sessions with a host, or at a remote site, and the way to all of them. */
export function SessionsOf({ filter }: { filter: { host: string } | { site: string } }) {
  const all = useIsAdministrator();
  const sessions = useInfiniteQuery(hostSessionsQuery({ ...filter, ...(all && { all }) }, shown));
  const rows = rowsOf(sessions);
  const words = text.hostSessions;
  return (
    <Card
      title={words.title}
      actions={
        sessions.hasNextPage && (
          <Link to="/sessions" search={{ ...filter, all: all || undefined }}>
            {words.allOf}
          </Link>
        )
      }
    >
      {!sessions.data && <Awaited of={sessions} />}
      {sessions.isSuccess && rows.length === 0 && <p className="dim">{words.emptyTitle}.</p>}
      {rows.length > 0 && (
        <Table caption={words.caption} columns={sessionColumns} rows={rows} keyOf={(session) => session.id} />
      )}
    </Card>
  );
}
