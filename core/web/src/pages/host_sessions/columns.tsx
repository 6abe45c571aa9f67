import { Link } from '@tanstack/react-router';
import { text } from '~/text';
import type { Column } from '~/ui/table';
import { Began, type HostSession, Length, personOf, RecordingState, SessionState } from './facts';

const words = text.hostSessions;

export const sessionColumns: readonly Column<HostSession>[] = [
  {
    key: 'host',
    head: words.columns.host,
    cell: (session) => (
      <>
        <Link to="/sessions/$id" params={{ id: session.id }} className="cell-main">
          {session.host.name}
        </Link>
        <span className="cell-more">
          {words.asLogin(session.login)} · {session.site.name}
        </span>
      </>
    ),
  },
  {
    key: 'person',
    head: words.columns.person,
    cell: (session) => (
      <>
        {personOf(session)}
        {session.reason && <span className="cell-more">{session.reason}</span>}
      </>
    ),
  },
  { key: 'state', head: words.columns.state, cell: (session) => <SessionState session={session} /> },
  { key: 'began', head: words.columns.began, cell: (session) => <Began session={session} /> },
  {
    key: 'length',
    head: words.columns.length,
    wideOnly: true,
    numeric: true,
    cell: (session) => <Length session={session} />,
  },
  {
    key: 'source',
    head: words.columns.source,
    wideOnly: true,
    cell: (session) => session.source ?? '',
  },
  {
    key: 'recording',
    head: words.columns.recording,
    wideOnly: true,
    cell: (session) => <RecordingState session={session} />,
  },
];
