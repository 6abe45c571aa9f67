import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { answer, api, rememberCsrf, type Schemas } from './client';
import { Problem } from './problem';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => error instanceof Problem && error.code === 'unreachable' && failures < 1,
    },
    mutations: { retry: false },
  },
});

let session: Schemas['Session'] | null = null;

/** The session, or null when nobody is signed in. Asked again when the window comes back: another one may have changed it. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: 'always',
  queryFn: async (): Promise<Schemas['Session'] | null> => {
    try {
      return keepSession(await answer(api.GET('/session'), { atSignIn: session === null }));
    } catch (error) {
      if (error instanceof Problem && error.code === 'unauthenticated') return null;
      throw error;
    }
  },
});

/** Every session that the core gives passes here, so that its CSRF token is known from then on. */
export function keepSession(given: Schemas['Session']): Schemas['Session'] {
  rememberCsrf(given.csrf_token);
  session = given;
  return given;
}

/** The session that was last given, also just after its end, while its pages are still there. */
export function lastSession(): Schemas['Session'] | null {
  return session;
}

/** The session is over. */
export function dropSession() {
  rememberCsrf(null);
  queryClient.setQueryData(sessionQuery.queryKey, null);
}

export type MessageFilter = { state?: string; q?: string; all?: boolean };

/** The query of one page; the first one comes after nothing. */
function after(cursor: string): { limit: number; after?: string } {
  return { limit: 50, ...(cursor && { after: cursor }) };
}

/** How often a list asks again: each page is one call, so a long list asks less often. */
function listInterval(pages: number | undefined): number {
  return pages !== undefined && pages > 4 ? 15_000 : 2_000;
}

export const messagesQuery = (filter: MessageFilter) =>
  infiniteQueryOptions({
    queryKey: ['messages', filter],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/messages', { params: { query: { ...filter, ...after(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => listInterval(query.state.data?.pages.length),
  });

const over: readonly Schemas['MessageState'][] = ['destroyed', 'expired', 'revoked', 'lost', 'failed'];

export function isOver(message: Schemas['Message']): boolean {
  return over.includes(message.state);
}

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: () => answer(api.GET('/messages/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isOver(query.state.data) ? 15_000 : 2_000),
  });

export const composeQuery = queryOptions({
  queryKey: ['compose'],
  queryFn: () => answer(api.GET('/settings/compose')),
  staleTime: 60_000,
});

export const edgesQuery = queryOptions({
  queryKey: ['edges'],
  queryFn: async () => (await answer(api.GET('/edges'))).items,
  refetchInterval: 5_000,
  placeholderData: keepPreviousData,
});

export const certificatesQuery = queryOptions({
  queryKey: ['certificates'],
  queryFn: async () => (await answer(api.GET('/certificates'))).items,
  refetchInterval: 15_000,
  placeholderData: keepPreviousData,
});

export const certificateOrdersQuery = queryOptions({
  queryKey: ['certificate-orders'],
  queryFn: async () => (await answer(api.GET('/certificate-orders'))).items,
  refetchInterval: 5_000,
  placeholderData: keepPreviousData,
});

/** The root that people are to trust, or null. Asked without a session too. */
export const trustQuery = queryOptions({
  queryKey: ['trust'],
  queryFn: async () => (await answer(api.GET('/trust'), { atSignIn: true })).root,
});

export const peopleQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['people', q],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/people', { params: { query: { ...(q && { q }), ...after(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const tokensQuery = infiniteQueryOptions({
  queryKey: ['tokens'],
  queryFn: ({ pageParam }) => answer(api.GET('/tokens', { params: { query: after(pageParam) } })),
  initialPageParam: '',
  getNextPageParam: (page) => page.next ?? undefined,
});

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => answer(api.GET('/settings')),
});

export type AuditFilter = { actor?: string; code?: string; object?: string; from?: string; to?: string };

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/audit', { params: { query: { ...filter, ...after(pageParam) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
