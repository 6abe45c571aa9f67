import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { hostSessionQuery } from '~/api/session_queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { bytes, exactTime } from '~/text/format';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Awaited, Card, Facts, Page } from '~/ui/parts';
import { type Column, Table } from '~/ui/table';
import { complain, say } from '~/ui/toast';
import { Comments } from './comments';
import { goesOn, type HostSession, type HostSessionDetail, Length, personOf, SessionState } from './facts';
import { Recording } from './recording';

const route = getRouteApi('/app/sessions/$id');

export function HostSessionPage() {
  const { id } = route.useParams();
  const session = useQuery(hostSessionQuery(id));
  if (session.data) return <SessionShown session={session.data} />;
  return (
    <Page title={text.hostSessions.title}>
      <BackLink to="/sessions">{text.hostSessions.back}</BackLink>
      <Awaited of={session} />
    </Page>
  );
}

function SessionShown({ session }: { session: HostSessionDetail }) {
  const words = text.hostSessions;
  return (
    <Page
      title={session.host.name}
      lead={<SessionState session={session} />}
      actions={goesOn(session) && <EndNow session={session} />}
    >
      <BackLink to="/sessions">{words.back}</BackLink>
      <Card>
        <Facts facts={factsOf(session)} />
      </Card>
      <Recording session={session} />
      <Card title={words.files}>
        {session.files.length === 0 ? (
          <p className="dim">{words.filesEmpty}</p>
        ) : (
          <Table
            caption={words.filesCaption}
            columns={fileColumns}
            rows={session.files.map((file, index) => ({ ...file, index }))}
            keyOf={(file) => String(file.index)}
          />
        )}
      </Card>
      <Comments session={session} />
      <Card title={words.events}>
        <Events session={session} />
      </Card>
    </Page>
  );
}

/** What happened, oldest first. */
function Events({ session }: { session: HostSessionDetail }) {
  return (
    <ol className="stack session-events">
      {session.events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added at the end
        <li key={index} className="row">
          <code>{event.code}</code>
          {event.detail && <span>{event.detail}</span>}
          <span className="dim">{exactTime(new Date(event.at))}</span>
        </li>
      ))}
    </ol>
  );
}

function factsOf(session: HostSessionDetail) {
  const { facts, asLogin, trafficOf } = text.hostSessions;
  const began = session.started_at ? exactTime(new Date(session.started_at)) : text.never;
  return [
    [facts.person, personOf(session)],
    [
      facts.host,
      <Link key="host" to="/hosts/$id" params={{ id: session.host.id }}>
        {session.host.name}
      </Link>,
    ],
    [facts.site, `${session.site.name}, ${session.gateway.name}`],
    [facts.credential, `${session.credential.name}, ${asLogin(session.login)}`],
    [facts.reason, session.reason || text.none],
    [facts.source, session.source ?? text.unknown],
    [facts.address, session.dialled ?? session.address],
    [facts.asked, exactTime(new Date(session.created_at))],
    [facts.began, began],
    ...(session.ended_at ? [[facts.ended, exactTime(new Date(session.ended_at))] as const] : []),
    [facts.length, <Length key="length" session={session} />],
    [facts.traffic, trafficOf(bytes(session.bytes_in), bytes(session.bytes_out))],
    ...(session.host_key ? [[facts.hostKey, <code key="key">{session.host_key}</code>] as const] : []),
  ] as const;
}

type Carried = HostSessionDetail['files'][number] & { index: number };

/** An action that this version of the page does not know is said as the core says it. */
function actionOf(action: string): string {
  return Object.entries(text.hostSessions.fileActions).find(([known]) => known === action)?.[1] ?? action;
}

const fileColumns: readonly Column<Carried>[] = [
  {
    key: 'file',
    head: text.hostSessions.fileColumns.file,
    cell: (file) => (
      <>
        <span className="cell-main">{file.path}</span>
        {file.sha256 && <code className="cell-more">{file.sha256}</code>}
      </>
    ),
  },
  {
    key: 'action',
    head: text.hostSessions.fileColumns.action,
    cell: (file) => (
      <>
        {actionOf(file.action)}
        {file.outcome !== 'done' && <span className="cell-more">{file.outcome}</span>}
      </>
    ),
  },
  {
    key: 'size',
    head: text.hostSessions.fileColumns.size,
    numeric: true,
    cell: (file) => bytes(file.size),
  },
  {
    key: 'at',
    head: text.hostSessions.fileColumns.at,
    wideOnly: true,
    cell: (file) => <When at={file.at} />,
  },
];

function EndNow({ session }: { session: HostSession }) {
  const [asking, setAsking] = useState(false);
  const words = text.hostSessions;
  const end = useMutation({
    mutationFn: () => answer(api.POST('/sessions/{id}/end', { params: { path: { id: session.id } } })),
    onSuccess: (ended) => {
      queryClient.setQueryData(hostSessionQuery(session.id).queryKey, ended);
      say(words.endDone);
    },
    onError: (error) => complain(problemText(error)),
    onSettled: () => {
      setAsking(false);
      void queryClient.invalidateQueries({ queryKey: ['host-sessions'] });
      return queryClient.invalidateQueries({ queryKey: ['host-session', session.id] });
    },
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {words.endNow}
      </Button>
      <Confirm
        open={asking}
        title={words.endTitle}
        consequence={<p>{words.endText(personOf(session), session.host.name)}</p>}
        action={words.endNow}
        busy={end.isPending}
        onConfirm={() => end.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
