import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { goingOn, hostSessionsQuery, type SessionFilter } from '~/api/session_queries';
import { sessionStates } from '~/app/router';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Button, ButtonLink } from '~/ui/button';
import { FilterChip } from '~/ui/choices';
import { NothingFits, PagedTable, rowsOf } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { Search } from '~/ui/search';
import { sessionColumns } from './columns';
import '../hosts/hosts.css';

const route = getRouteApi('/app/sessions');

/** What the core calls live and ended. */
const statesOf = {
  live: goingOn,
  ended: ['ended', 'expired', 'revoked', 'failed', 'lost'],
} as const;

export function HostSessionsPage() {
  const { state, q, host, site, all } = route.useSearch();
  const filtered = [state, q, host, site].some((each) => each !== undefined);
  const filter: SessionFilter = {
    ...(state && { state: statesOf[state].join(',') }),
    ...(all && { all }),
    ...(q && { q }),
    ...(host && { host }),
    ...(site && { site }),
  };
  const sessions = useInfiniteQuery(hostSessionsQuery(filter));
  const rows = rowsOf(sessions);
  const administrator = useIsAdministrator();
  const navigate = route.useNavigate();
  const words = text.hostSessions;
  return (
    <Page title={words.title} lead={words.lead}>
      {(rows.length > 0 || filtered || administrator) && <Filters />}
      <PagedTable
        list={sessions}
        caption={words.caption}
        columns={sessionColumns}
        keyOf={(session) => session.id}
        empty={
          filtered ? (
            <NothingFits title={text.hostSessions.nothingTitle} onClear={() => void navigate({ search: {} })}>
              {text.hostSessions.nothingText}
            </NothingFits>
          ) : (
            <NoSessionYet />
          )
        }
      />
    </Page>
  );
}

function Filters() {
  const { state, q, host, site, all } = route.useSearch();
  const administrator = useIsAdministrator();
  const navigate = route.useNavigate();
  const words = text.hostSessions;
  return (
    <div className="hosts-filters">
      <Search
        label={words.searchLabel}
        q={q ?? ''}
        onSearch={(wanted) =>
          void navigate({ search: (before) => ({ ...before, q: wanted }), replace: true })
        }
      />
      <fieldset className="row">
        <legend className="visually-hidden">{words.filterLabel}</legend>
        {sessionStates.map((each) => (
          <FilterChip
            key={each}
            label={words[each]}
            pressed={state === each}
            onToggle={() =>
              void navigate({
                search: (before) => ({ ...before, state: state === each ? undefined : each }),
                replace: true,
              })
            }
          />
        ))}
        {administrator && (
          <FilterChip
            label={words.everyone}
            pressed={all === true}
            onToggle={() =>
              void navigate({
                search: (before) => ({ ...before, all: all ? undefined : true }),
                replace: true,
              })
            }
          />
        )}
      </fieldset>
      {(host || site) && (
        <Button look="quiet" onClick={() => void navigate({ search: {} })}>
          {text.clearFilters}
        </Button>
      )}
    </div>
  );
}

function NoSessionYet() {
  const words = text.hostSessions;
  return (
    <EmptyState
      title={words.emptyTitle}
      action={
        <ButtonLink to="/hosts" look="primary">
          {words.emptyAction}
        </ButtonLink>
      }
    >
      {words.emptyText}
    </EmptyState>
  );
}
