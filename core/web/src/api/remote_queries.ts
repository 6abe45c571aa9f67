/** What the pages of remote sites, hosts and credentials ask of the core. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from './client';

/** The query of one page; the first one comes after nothing. */
export function after(cursor: string): { limit: number; after?: string } {
  return { limit: 100, ...(cursor && { after: cursor }) };
}

/** How a list goes on, page by page. */
export const paged = {
  initialPageParam: '',
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
  placeholderData: keepPreviousData,
};

export const sitesQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['remote-sites', q],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/sites', { params: { query: { ...(q && { q }), ...after(pageParam) } } })),
    ...paged,
    refetchInterval: 10_000,
  });

export const siteQuery = (id: string) =>
  queryOptions({
    queryKey: ['remote-site', id],
    queryFn: () => answer(api.GET('/sites/{id}', { params: { path: { id } } })),
    refetchInterval: 5_000,
  });

/** All sites, for a list to choose from. */
export const siteChoicesQuery = queryOptions({
  queryKey: ['remote-sites', 'choices'],
  queryFn: async () => {
    const found: Schemas['Site'][] = [];
    let cursor: string | null = '';
    while (cursor !== null && found.length < 2_000) {
      const query: { limit: number; after?: string } = { ...after(cursor), limit: 200 };
      const page: Schemas['SitePage'] = await answer(api.GET('/sites', { params: { query } }));
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  },
});

export type HostFilter = {
  q?: string;
  site?: string;
  folder?: string;
  tag?: string;
  protocol?: Schemas['Protocol'];
};

export const hostsQuery = (filter: HostFilter) =>
  infiniteQueryOptions({
    queryKey: ['hosts', filter],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/hosts', { params: { query: { ...filter, ...after(pageParam) } } })),
    ...paged,
  });

export const foldersQuery = queryOptions({
  queryKey: ['hosts', 'folders'],
  queryFn: async () => (await answer(api.GET('/hosts/folders', { params: { query: {} } }))).items,
});

export const hostQuery = (id: string) =>
  queryOptions({
    queryKey: ['host', id],
    queryFn: () => answer(api.GET('/hosts/{id}', { params: { path: { id } } })),
  });

/** The credentials that the asking person may use with a host. */
export const usableQuery = (host: string) =>
  queryOptions({
    queryKey: ['host', host, 'credentials'],
    queryFn: async () =>
      (await answer(api.GET('/hosts/{id}/credentials', { params: { path: { id: host } } }))).items,
    staleTime: 0,
  });

export const credentialsQuery = (filter: { q?: string; site?: string }) =>
  infiniteQueryOptions({
    queryKey: ['credentials', filter],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/credentials', { params: { query: { ...filter, ...after(pageParam) } } })),
    ...paged,
  });

export const credentialQuery = (id: string) =>
  queryOptions({
    queryKey: ['credential', id],
    queryFn: () => answer(api.GET('/credentials/{id}', { params: { path: { id } } })),
  });

export type PermissionKind = 'sites' | 'hosts' | 'credentials';

export const permissionsQuery = (kind: PermissionKind, id: string) =>
  queryOptions({
    queryKey: ['permissions', kind, id],
    queryFn: async () =>
      (await answer(api.GET(`/${kind}/{id}/permissions`, { params: { path: { id } } }))).items,
  });
