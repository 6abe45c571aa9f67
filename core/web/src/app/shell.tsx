import { type ErrorComponentProps, Link, Outlet, useLocation } from '@tanstack/react-router';
import {
  Inbox,
  KeyRound,
  MapPinned,
  Network,
  ScrollText,
  Server,
  Settings2,
  ShieldCheck,
  SquareTerminal,
  UsersRound,
} from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Problem, problemText } from '~/api/problem';
import { text } from '~/text';
import { Button, ButtonLink } from '~/ui/button';
import { EmptyState, Loading, Note, Page } from '~/ui/parts';
import { AwayBanner } from './away';
import { Brand, HeaderTools } from './header';
import { useIsAdministrator } from './session';
import './shell.css';

/** Header, navigation and the page between them. */
export function Shell() {
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <header className="header">
        <Brand />
        <HeaderTools />
      </header>
      <Navigation />
      <AwayBanner />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

const messagePlaces = {
  label: text.nav.messagesGroup,
  places: [
    { to: '/messages', label: text.nav.messages, icon: <Inbox aria-hidden="true" /> },
    { to: '/sites', label: text.nav.sites, icon: <MapPinned aria-hidden="true" /> },
  ],
} as const;

const remotePlaces = {
  label: text.nav.remoteGroup,
  places: [
    { to: '/hosts', label: text.nav.hosts, icon: <Server aria-hidden="true" /> },
    { to: '/sessions', label: text.nav.hostSessions, icon: <SquareTerminal aria-hidden="true" /> },
    { to: '/credentials', label: text.nav.credentials, icon: <KeyRound aria-hidden="true" /> },
    { to: '/remote-sites', label: text.nav.remoteSites, icon: <Network aria-hidden="true" /> },
  ],
} as const;

const administratorsPlaces = {
  label: text.nav.administration,
  places: [
    { to: '/certificates', label: text.nav.certificates, icon: <ShieldCheck aria-hidden="true" /> },
    { to: '/people', label: text.nav.people, icon: <UsersRound aria-hidden="true" /> },
    { to: '/settings', label: text.nav.settings, icon: <Settings2 aria-hidden="true" /> },
    { to: '/audit', label: text.nav.audit, icon: <ScrollText aria-hidden="true" /> },
  ],
} as const;

/** At the side; on a phone at the bottom, where it scrolls sideways. */
function Navigation() {
  const administrator = useIsAdministrator();
  const { pathname } = useLocation();
  const bar = useRef<HTMLElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the place that is marked follows the address
  useEffect(() => {
    const here = bar.current?.querySelector('[aria-current="page"]');
    here?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);

  const groups = administrator
    ? [messagePlaces, remotePlaces, administratorsPlaces]
    : [messagePlaces, remotePlaces];
  return (
    <nav ref={bar} className="nav" aria-label={text.nav.label}>
      {groups.map((group) => (
        <div key={group.label} className="nav-group">
          <span className="nav-group-label" aria-hidden="true">
            {group.label}
          </span>
          {group.places.map((place) => (
            <Link key={place.to} to={place.to} className="nav-link">
              {place.icon}
              {place.label}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function Alone({ children }: { children: ReactNode }) {
  return <main className="alone">{children}</main>;
}

export function NotFound() {
  return (
    <Alone>
      <EmptyState
        title={text.notFoundTitle}
        action={
          <ButtonLink to="/messages" look="primary">
            {text.toMessages}
          </ButtonLink>
        }
      >
        {text.notFoundText}
      </EmptyState>
    </Alone>
  );
}

function isMissingChunk(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|Importing a module/.test(error.message);
}

/** What a page shows that could not be shown. */
export function Broken({ error }: ErrorComponentProps) {
  const chunk = isMissingChunk(error);
  const known = error instanceof Problem;
  const title = chunk ? text.newVersionTitle : text.brokenTitle;
  return (
    <Page title={title} narrow>
      <Note
        tone={chunk ? 'info' : 'danger'}
        action={<Button onClick={() => window.location.reload()}>{text.reload}</Button>}
      >
        {chunk ? text.newVersionText : known ? problemText(error) : text.brokenText}
      </Note>
    </Page>
  );
}

export function Waiting() {
  return (
    <div className="page">
      <Loading />
    </div>
  );
}
