import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '~/api/client';
import { When } from '~/app/now';
import { text } from '~/text';
import { exactTime } from '~/text/format';
import { Badge } from '~/ui/badge';
import type { Column } from '~/ui/table';

type Event = Schemas['AuditEvent'];

const outcomeTones = { success: 'neutral', refused: 'warning', failed: 'danger' } as const;

function Actor({ actor }: { actor: Event['actor'] }) {
  const kind = text.audit.actors[actor.kind];
  const name = actor.name ?? actor.id;
  if (!name) return kind;
  return (
    <FilterLink filter={{ actor: name }} what={name}>
      {name}
      {actor.kind !== 'person' && <span className="dim"> ({kind})</span>}
    </FilterLink>
  );
}

function ObjectOf({ object }: { object: Event['object'] }) {
  if (!object) return null;
  const name = object.name ?? object.id;
  return (
    <FilterLink filter={{ object: object.id }} what={name}>
      {name}
    </FilterLink>
  );
}

type FilterLinkProps = { filter: { actor?: string; object?: string }; what: string; children: ReactNode };

/** Narrows the list to what was pressed. */
function FilterLink({ filter, what, children }: FilterLinkProps) {
  return (
    <Link
      to="/audit"
      search={(before) => ({
        actor: filter.actor ?? before.actor,
        object: filter.object ?? before.object,
        code: before.code,
        from: before.from,
        to: before.to,
      })}
      className="cell-filter"
      title={text.audit.onlyThis(what)}
    >
      {children}
    </Link>
  );
}

function readable(value: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(value) ? exactTime(new Date(value)) : value;
}

function Details({ details }: { details: Event['details'] }) {
  const entries = Object.entries(details).filter(([, value]) => value !== '');
  if (entries.length === 0) return null;
  return (
    <span className="cell-more">
      {entries.map(([name, value]) => `${name}: ${readable(value)}`).join(' · ')}
    </span>
  );
}

function What({ event }: { event: Event }) {
  return (
    <>
      <span className="row">
        <code>{event.code}</code>
        {event.outcome !== 'success' && (
          <Badge tone={outcomeTones[event.outcome]}>{text.audit.outcomes[event.outcome]}</Badge>
        )}
      </span>
      <Details details={event.details} />
    </>
  );
}

export const auditColumns: readonly Column<Event>[] = [
  {
    key: 'at',
    head: text.audit.columns.at,
    cell: (event) => (
      <>
        <When at={event.at} />
        <span className="cell-more cell-time">{exactTime(new Date(event.at))}</span>
      </>
    ),
  },
  { key: 'what', head: text.audit.columns.what, cell: (event) => <What event={event} /> },
  { key: 'actor', head: text.audit.columns.actor, cell: (event) => <Actor actor={event.actor} /> },
  {
    key: 'object',
    head: text.audit.columns.object,
    wideOnly: true,
    cell: (event) => <ObjectOf object={event.object} />,
  },
  { key: 'source', head: text.audit.columns.source, wideOnly: true, cell: (event) => event.source ?? '' },
];
