import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { peopleQuery } from '~/api/queries';
import { useNow, When } from '~/app/now';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { Badge } from '~/ui/badge';
import { Button } from '~/ui/button';
import { PagedTable } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { Search } from '~/ui/search';
import type { Column } from '~/ui/table';
import { PersonActions } from './person_actions';
import { AddPerson } from './person_forms';
import './people.css';

const route = getRouteApi('/app/people');

export type Person = Schemas['Person'];

export function PeoplePage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const people = useInfiniteQuery(peopleQuery(q));
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={text.people.title}
      lead={text.people.lead}
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          {text.people.add}
        </Button>
      }
    >
      <div className="people-search">
        <Search
          label={text.people.searchLabel}
          q={q ?? ''}
          onSearch={(wanted) => void navigate({ search: { q: wanted }, replace: true })}
        />
      </div>
      <PagedTable
        list={people}
        caption={text.people.caption}
        columns={columns()}
        keyOf={(person) => person.id}
        empty={<EmptyState title={text.people.nothingTitle}>{text.people.nothingText}</EmptyState>}
      />
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </Page>
  );
}

function PersonState({ person }: { person: Person }) {
  const now = useNow();
  if (person.disabled) return <Badge tone="neutral">{text.people.disabled}</Badge>;
  if (person.locked_until && Date.parse(person.locked_until) > now) {
    return <Badge tone="danger">{text.people.locked}</Badge>;
  }
  if (person.must_change_password) return <Badge tone="warning">{text.people.mustChange}</Badge>;
  return <Badge tone="success">{text.people.active}</Badge>;
}

function PersonName({ person }: { person: Person }) {
  const { user } = useSession();
  return (
    <>
      <span className="cell-main">
        {person.name || person.login}
        {person.id === user.id && <span className="dim"> ({text.people.you})</span>}
      </span>
      <span className="cell-more">{[person.login, person.email].filter(Boolean).join(' · ')}</span>
    </>
  );
}

function columns(): Column<Person>[] {
  const words = text.people.columns;
  return [
    { key: 'person', head: words.person, cell: (person) => <PersonName person={person} /> },
    { key: 'role', head: words.role, wideOnly: true, cell: (person) => text.people.roles[person.role] },
    { key: 'state', head: words.state, cell: (person) => <PersonState person={person} /> },
    {
      key: 'last',
      head: words.lastSignIn,
      wideOnly: true,
      cell: (person) => (person.last_sign_in_at ? <When at={person.last_sign_in_at} /> : text.never),
    },
    {
      key: 'actions',
      head: text.actions,
      headHidden: true,
      numeric: true,
      cell: (person) => <PersonActions person={person} />,
    },
  ];
}
