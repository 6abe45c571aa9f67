import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queryClient, sessionQuery } from '~/api/queries';
import { text } from '~/text';
import { complain } from '~/ui/toast';
import { ownPath } from './own_path';
import { flagIn, oneOf, optional, someOf, textIn } from './search';
import { Broken, NotFound, Shell, Waiting } from './shell';

export const messageStates = [
  'queued',
  'live',
  'viewed',
  'destroyed',
  'expired',
  'revoked',
  'lost',
  'failed',
] as const;
export const composeSteps = ['compose', 'recipient', 'protection', 'review'] as const;
export const protocols = ['ssh', 'rdp', 'telnet', 'vnc'] as const;
export const sessionStates = ['live', 'ended'] as const;
export const settingsSections = ['mail', 'limits', 'templates', 'branding'] as const;

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => optional({ from: textIn(search, 'from') }),
  beforeLoad: async ({ search }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) throw redirect({ href: ownPath(search.from) });
  },
  component: lazyRouteComponent(() => import('~/pages/sign_in/sign_in'), 'SignInPage'),
});

const choosePassword = createRoute({
  getParentRoute: () => root,
  path: '/choose-password',
  validateSearch: (search) => optional({ from: textIn(search, 'from') }),
  beforeLoad: async () => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in' });
  },
  component: lazyRouteComponent(() => import('~/pages/sign_in/choose_password'), 'ChoosePasswordPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    const from = location.href === '/' ? undefined : location.href;
    if (!session) throw redirect({ to: '/sign-in', search: { from } });
    if (session.must_change_password) throw redirect({ to: '/choose-password', search: { from } });
  },
  component: Shell,
});

/** The core refuses others anyway; this only says so before a page of theirs is drawn. */
async function administratorsOnly() {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (session?.user.role === 'administrator') return;
  complain(text.problems.forbidden);
  throw redirect({ to: '/messages', replace: true });
}

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/messages', replace: true });
  },
});

const messages = createRoute({
  getParentRoute: () => app,
  path: '/messages',
  validateSearch: (search) =>
    optional({
      state: someOf(search, 'state', messageStates),
      q: textIn(search, 'q'),
      all: flagIn(search, 'all'),
    }),
  component: lazyRouteComponent(() => import('~/pages/messages/messages'), 'MessagesPage'),
});

const newMessage = createRoute({
  getParentRoute: () => app,
  path: '/messages/new',
  validateSearch: (search) => optional({ step: oneOf(search, 'step', composeSteps) }),
  component: lazyRouteComponent(() => import('~/pages/new_message/new_message'), 'NewMessagePage'),
});

const message = createRoute({
  getParentRoute: () => app,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('~/pages/message/message'), 'MessagePage'),
});

const sites = createRoute({
  getParentRoute: () => app,
  path: '/sites',
  component: lazyRouteComponent(() => import('~/pages/sites/sites'), 'SitesPage'),
});

const site = createRoute({
  getParentRoute: () => app,
  path: '/sites/$id',
  component: lazyRouteComponent(() => import('~/pages/sites/site'), 'SitePage'),
});

const certificates = createRoute({
  getParentRoute: () => app,
  path: '/certificates',
  beforeLoad: administratorsOnly,
  component: lazyRouteComponent(() => import('~/pages/certificates/certificates'), 'CertificatesPage'),
});

const advice = createRoute({
  getParentRoute: () => app,
  path: '/certificates/advice',
  beforeLoad: administratorsOnly,
  component: lazyRouteComponent(() => import('~/pages/certificates/advice'), 'AdvicePage'),
});

const order = createRoute({
  getParentRoute: () => app,
  path: '/certificates/order',
  beforeLoad: administratorsOnly,
  component: lazyRouteComponent(() => import('~/pages/certificates/order'), 'OrderPage'),
});

/** Open to everybody: who cannot open the site without a warning needs it first. */
const trust = createRoute({
  getParentRoute: () => root,
  path: '/trust',
  component: lazyRouteComponent(() => import('~/pages/certificates/trust'), 'TrustPage'),
});

const remoteSites = createRoute({
  getParentRoute: () => app,
  path: '/remote-sites',
  validateSearch: (search) => optional({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('~/pages/remote_sites/remote_sites'), 'RemoteSitesPage'),
});

const remoteSite = createRoute({
  getParentRoute: () => app,
  path: '/remote-sites/$id',
  component: lazyRouteComponent(() => import('~/pages/remote_sites/remote_site'), 'RemoteSitePage'),
});

const hosts = createRoute({
  getParentRoute: () => app,
  path: '/hosts',
  validateSearch: (search) =>
    optional({
      q: textIn(search, 'q'),
      site: textIn(search, 'site'),
      folder: textIn(search, 'folder'),
      tag: textIn(search, 'tag'),
      protocol: oneOf(search, 'protocol', protocols),
    }),
  component: lazyRouteComponent(() => import('~/pages/hosts/hosts'), 'HostsPage'),
});

const importHosts = createRoute({
  getParentRoute: () => app,
  path: '/hosts/import',
  component: lazyRouteComponent(() => import('~/pages/hosts/import_hosts'), 'ImportHostsPage'),
});

const host = createRoute({
  getParentRoute: () => app,
  path: '/hosts/$id',
  component: lazyRouteComponent(() => import('~/pages/hosts/host'), 'HostPage'),
});

const credentials = createRoute({
  getParentRoute: () => app,
  path: '/credentials',
  validateSearch: (search) => optional({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('~/pages/credentials/credentials'), 'CredentialsPage'),
});

const credential = createRoute({
  getParentRoute: () => app,
  path: '/credentials/$id',
  component: lazyRouteComponent(() => import('~/pages/credentials/credential'), 'CredentialPage'),
});

const hostSessions = createRoute({
  getParentRoute: () => app,
  path: '/sessions',
  validateSearch: (search) =>
    optional({
      state: oneOf(search, 'state', sessionStates),
      q: textIn(search, 'q'),
      host: textIn(search, 'host'),
      site: textIn(search, 'site'),
      all: flagIn(search, 'all'),
    }),
  component: lazyRouteComponent(() => import('~/pages/host_sessions/host_sessions'), 'HostSessionsPage'),
});

const hostSession = createRoute({
  getParentRoute: () => app,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('~/pages/host_sessions/host_session'), 'HostSessionPage'),
});

const people = createRoute({
  getParentRoute: () => app,
  path: '/people',
  beforeLoad: administratorsOnly,
  validateSearch: (search) => optional({ q: textIn(search, 'q') }),
  component: lazyRouteComponent(() => import('~/pages/people/people'), 'PeoplePage'),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: administratorsOnly,
  validateSearch: (search) => optional({ section: oneOf(search, 'section', settingsSections) }),
  component: lazyRouteComponent(() => import('~/pages/settings/settings'), 'SettingsPage'),
});

const audit = createRoute({
  getParentRoute: () => app,
  path: '/audit',
  beforeLoad: administratorsOnly,
  validateSearch: (search) =>
    optional({
      actor: textIn(search, 'actor'),
      code: textIn(search, 'code'),
      object: textIn(search, 'object'),
      from: textIn(search, 'from'),
      to: textIn(search, 'to'),
    }),
  component: lazyRouteComponent(() => import('~/pages/audit/audit'), 'AuditPage'),
});

const password = createRoute({
  getParentRoute: () => app,
  path: '/account/password',
  component: lazyRouteComponent(() => import('~/pages/account/password'), 'PasswordPage'),
});

const tokens = createRoute({
  getParentRoute: () => app,
  path: '/account/tokens',
  component: lazyRouteComponent(() => import('~/pages/account/tokens'), 'TokensPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    choosePassword,
    trust,
    app.addChildren([
      home,
      messages,
      newMessage,
      message,
      sites,
      site,
      certificates,
      advice,
      order,
      remoteSites,
      remoteSite,
      hosts,
      importHosts,
      host,
      credentials,
      credential,
      hostSessions,
      hostSession,
      people,
      settings,
      audit,
      password,
      tokens,
    ]),
  ]),
  defaultErrorComponent: Broken,
  defaultPendingComponent: Waiting,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
