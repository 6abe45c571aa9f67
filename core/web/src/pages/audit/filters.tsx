import { getRouteApi } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { FilterChip } from '~/ui/choices';
import { TextField } from '~/ui/field';
import './filters.css';

const route = getRouteApi('/app/audit');

type Search = ReturnType<typeof route.useSearch>;

const kinds = [
  'message',
  'session',
  'password',
  'person',
  'token',
  'edge',
  'settings',
  'mail',
  'keyring',
  'core',
  'audit',
] as const;
const nothing: Search = {
  actor: undefined,
  code: undefined,
  object: undefined,
  from: undefined,
  to: undefined,
};

/** Kind of event, days, and whatever was pressed in the table; all of it is in the address. */
export function AuditFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  function change(changed: Partial<Search>) {
    void navigate({ search: { ...search, ...changed }, replace: true });
  }
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <div className="audit-filters">
      <fieldset className="row">
        <legend className="visually-hidden">{text.audit.filterLabel}</legend>
        {kinds.map((kind) => (
          <FilterChip
            key={kind}
            label={text.audit.kinds[kind]}
            pressed={search.code === kind}
            onToggle={() => change({ code: search.code === kind ? undefined : kind })}
          />
        ))}
      </fieldset>
      <div className="audit-days">
        <TextField
          type="date"
          label={text.audit.from}
          value={search.from ?? ''}
          onChange={(event) => change({ from: event.target.value || undefined })}
        />
        <TextField
          type="date"
          label={text.audit.to}
          value={search.to ?? ''}
          onChange={(event) => change({ to: event.target.value || undefined })}
        />
        {search.actor && (
          <Chosen name={text.audit.actor} value={search.actor} onDrop={() => change({ actor: undefined })} />
        )}
        {search.object && (
          <Chosen
            name={text.audit.object}
            value={search.object}
            onDrop={() => change({ object: undefined })}
          />
        )}
        {filtered && (
          <Button look="quiet" onClick={() => change(nothing)}>
            {text.clearFilters}
          </Button>
        )}
      </div>
    </div>
  );
}

function Chosen({ name, value, onDrop }: { name: string; value: string; onDrop: () => void }) {
  return (
    <button type="button" className="filter-chip chosen" aria-pressed="true" onClick={onDrop}>
      {name}: {value}
      <X aria-hidden="true" />
    </button>
  );
}
