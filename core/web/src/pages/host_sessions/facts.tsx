import type { Schemas } from '~/api/client';
import { goingOn } from '~/api/session_queries';
import { useNow, When } from '~/app/now';
import { text } from '~/text';
import { clock } from '~/text/format';
import { Badge } from '~/ui/badge';

export type HostSession = Schemas['HostSession'];
export type HostSessionDetail = Schemas['HostSessionDetail'];

export function goesOn(session: Pick<HostSession, 'state'>): boolean {
  return goingOn.includes(session.state);
}

/** Why it ended, by whom where somebody ended it. */
export function endOf(session: Pick<HostSession, 'end_reason' | 'ended_by' | 'exit'>): string | undefined {
  const words = text.hostSessions;
  if (session.end_reason === null) return undefined;
  const by = session.ended_by ? ` ${words.by(session.ended_by)}` : '';
  const exit = session.end_reason === 'logout' && session.exit ? `, ${words.exit(session.exit)}` : '';
  return `${words.ends[session.end_reason]}${by}${exit}`;
}

const usualEnds: readonly HostSession['end_reason'][] = ['logout', 'closed', null];

function toneOf({ state, end_reason }: HostSession) {
  if (state === 'running') return 'success';
  if (state === 'waiting' || state === 'opening') return 'info';
  if (state === 'failed' || state === 'lost' || !usualEnds.includes(end_reason)) return 'warning';
  return 'neutral';
}

export function SessionState({ session }: { session: HostSession }) {
  const end = endOf(session);
  return (
    <>
      <Badge tone={toneOf(session)}>{text.hostSessions.states[session.state]}</Badge>
      {end && <span className="cell-more">{end}</span>}
    </>
  );
}

/** Seconds from its begin to its end, or to now. */
export function lengthOf(
  session: Pick<HostSession, 'started_at' | 'ended_at'>,
  now: number,
): number | undefined {
  if (session.started_at === null) return undefined;
  const end = session.ended_at === null ? now : Date.parse(session.ended_at);
  return Math.max(0, (end - Date.parse(session.started_at)) / 1_000);
}

export function Length({ session }: { session: HostSession }) {
  const now = useNow();
  const seconds = lengthOf(session, now);
  return seconds === undefined ? '' : <span className="tabular">{clock(seconds)}</span>;
}

export function Began({ session }: { session: HostSession }) {
  return <When at={session.started_at ?? session.created_at} />;
}

const recordingTones = {
  none: 'neutral',
  awaited: 'info',
  growing: 'info',
  whole: 'success',
  cut: 'warning',
  damaged: 'danger',
  erased: 'neutral',
} as const;

export function RecordingState({ session }: { session: Pick<HostSession, 'recording'> }) {
  const { state } = session.recording;
  return <Badge tone={recordingTones[state]}>{text.hostSessions.recordings[state]}</Badge>;
}

export function personOf(session: HostSession): string {
  return session.user.name || session.user.login;
}
