import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { problemText } from '~/api/problem';
import { hostSessionQuery, readRecording, recordingUrl } from '~/api/session_queries';
import { useIsAdministrator } from '~/app/session';
import { Cast } from '~/player/cast';
import { text } from '~/text';
import { bytes } from '~/text/format';
import { Button } from '~/ui/button';
import { DownloadLink } from '~/ui/download_link';
import { Card, Loading, Note } from '~/ui/parts';
import { type HostSessionDetail, RecordingState } from './facts';

// The terminal is large, and only who looks at a recording needs it.
const Player = lazy(async () => ({ default: (await import('~/player/player')).Player }));
const Live = lazy(async () => ({ default: (await import('~/player/live')).Live }));

const large = 64 * 1024 * 1024;
const playable: readonly HostSessionDetail['recording']['state'][] = ['whole', 'cut', 'damaged'];

/** What the session shows, or showed: watched while it runs, played afterwards. */
export function Recording({ session }: { session: HostSessionDetail }) {
  const words = text.hostSessions;
  const administrator = useIsAdministrator();
  const { recording } = session;
  const about = Object.entries(words.recordingAbout).find(([state]) => state === recording.state)?.[1];
  const recorded = recording.state !== 'none';
  const ailing = recording.state === 'damaged';
  return (
    <Card title={words.recording} actions={<RecordingState session={session} />}>
      {about && <Note tone={ailing ? 'danger' : 'info'}>{about}</Note>}
      {recording.input && <p className="dim">{words.inputRecorded}</p>}
      {administrator && recorded && session.state === 'running' && <Watch session={session} />}
      {playable.includes(recording.state) && <Play session={session} />}
    </Card>
  );
}

function Watch({ session }: { session: HostSessionDetail }) {
  const [watching, setWatching] = useState(false);
  const client = useQueryClient();
  const words = text.hostSessions;
  return (
    <>
      <div className="row">
        <Button look={watching ? 'plain' : 'primary'} onClick={() => setWatching(!watching)}>
          {watching ? words.watchStop : words.watch}
        </Button>
        <span className="dim">{words.watchHint}</span>
      </div>
      {watching && (
        <Suspense fallback={<Loading />}>
          <Live
            session={session.id}
            onOver={() => void client.invalidateQueries({ queryKey: hostSessionQuery(session.id).queryKey })}
          />
        </Suspense>
      )}
    </>
  );
}

function Play({ session }: { session: HostSessionDetail }) {
  const words = text.hostSessions;
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const load = useMutation({
    mutationFn: async () => {
      const cast = new Cast();
      stop.current = new AbortController();
      await readRecording(session.id, (piece) => cast.add(piece), stop.current.signal);
      cast.end();
      return cast;
    },
    gcTime: 0,
  });
  const size = session.recording.size ?? 0;
  const tooLarge = size > large;
  if (load.data) {
    return (
      <Suspense fallback={<Loading />}>
        {load.data.broken && <Note tone="warning">{words.broken}</Note>}
        <Player cast={load.data} />
        <DownloadRecording id={session.id} />
      </Suspense>
    );
  }
  return (
    <>
      {tooLarge && <Note tone="warning">{words.tooLarge(bytes(size))}</Note>}
      {load.isError && <Note tone="danger">{problemText(load.error)}</Note>}
      <div className="row">
        <Button look="primary" busy={load.isPending} onClick={() => load.mutate()}>
          {tooLarge ? words.playAnyway : words.play}
        </Button>
        <DownloadRecording id={session.id} />
        <span className="dim">{bytes(size)}</span>
      </div>
    </>
  );
}

function DownloadRecording({ id }: { id: string }) {
  return (
    <div className="row">
      <DownloadLink href={recordingUrl(id, 'download')} file={`session-${id}.cast`}>
        {text.hostSessions.download}
      </DownloadLink>
    </div>
  );
}
