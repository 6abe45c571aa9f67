/** What the pages of sessions ask of the core, and the host keys that sessions met. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api, apiRoot, refused, type Schemas, unreachable } from './client';
import type { Problem } from './problem';
import { after, paged } from './remote_queries';

/** The keys that a host showed, and nobody has decided on. For administrators. */
export const sightingsQuery = (host: string) =>
  queryOptions({
    queryKey: ['host', host, 'sightings'],
    queryFn: async () => (await answer(api.GET('/host-keys', { params: { query: { host } } }))).items,
    refetchInterval: 5_000,
  });

export type SessionFilter = { state?: string; q?: string; host?: string; site?: string; all?: boolean };

export const hostSessionsQuery = (filter: SessionFilter, limit = 100) =>
  infiniteQueryOptions({
    queryKey: ['host-sessions', filter, limit],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/sessions', { params: { query: { ...filter, ...after(pageParam), limit } } })),
    ...paged,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 2 ? 15_000 : 3_000),
  });

/** The states of a session that still goes on, or may. */
export const goingOn: readonly Schemas['HostSessionState'][] = ['waiting', 'opening', 'running'];

export const hostSessionQuery = (id: string) =>
  queryOptions({
    queryKey: ['host-session', id],
    queryFn: () => answer(api.GET('/sessions/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data && !goingOn.includes(state.data.state) ? 10_000 : 2_000),
  });

/** What a running session shows, as server-sent events, until it ends; throws a `Problem`. */
export function watchSession(id: string, take: (piece: string) => void, signal: AbortSignal) {
  return readPieces(`${apiRoot}/sessions/${id}/live`, take, signal);
}

export function recordingUrl(id: string, use: 'play' | 'download'): string {
  return `${apiRoot}/sessions/${id}/recording?use=${use}`;
}

/** The text of a recording, in pieces as they come; throws a `Problem`. */
export function readRecording(id: string, take: (piece: string) => void, signal: AbortSignal) {
  return readPieces(recordingUrl(id, 'play'), take, signal);
}

async function readPieces(url: string, take: (piece: string) => void, signal: AbortSignal) {
  const response = await answered(url, signal);
  if (!response.ok || !response.body) throw await refusalOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

async function answered(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', signal });
  } catch (error) {
    throw signal.aborted ? error : unreachable();
  }
}

async function refusalOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  return refused(response.status, typeof body === 'object' && body !== null ? body : undefined);
}
