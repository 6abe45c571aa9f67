import { useSuspenseQuery } from '@tanstack/react-query';
import { api, done, type Schemas } from '~/api/client';
import { dropSession, keepSession, lastSession, queryClient, sessionQuery } from '~/api/queries';
import { forgetDraft } from '~/pages/new_message/draft';

/** The session; only for pages behind the sign-in. A page that is being left still has the one that ended. */
export function useSession(): Schemas['Session'] {
  const { data } = useSuspenseQuery(sessionQuery);
  const session = data ?? lastSession();
  if (session === null) throw new Error('a page behind the sign-in was shown without a session');
  return session;
}

export function useIsAdministrator(): boolean {
  return useSession().user.role === 'administrator';
}

/** Takes a new session. The same person finds the draft again, another one finds nothing of the one before. */
export function enter(session: Schemas['Session']) {
  if (lastSession()?.user.id !== session.user.id) forgetAll();
  queryClient.setQueryData(sessionQuery.queryKey, keepSession(session));
}

/** Ends the session at the core and here. */
export async function signOut() {
  await done(api.DELETE('/session'));
  forgetAll();
  dropSession();
}

function forgetAll() {
  forgetDraft();
  queryClient.clear();
}
