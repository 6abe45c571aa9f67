import { type ReactNode, useState } from 'react';
import { text } from '~/text';
import { Button } from './button';
import type { Column } from './table';
import './pick.css';

type PickBoxProps = { label: string; picked: boolean; onPick: (picked: boolean) => void };

/** Chooses a row of a table. */
export function PickBox({ label, picked, onPick }: PickBoxProps) {
  return (
    <label className="pick-box">
      <input type="checkbox" checked={picked} onChange={(event) => onPick(event.target.checked)} />
      <span className="visually-hidden">{label}</span>
    </label>
  );
}

type Named = { id: string; name: string };

/** The column of a table in which its rows are chosen. */
export function pickColumn<Row extends Named>(
  picks: Picks<Row>,
  rows: readonly Row[],
  select: (name: string) => string,
): Column<Row> {
  const all = rows.length > 0 && picks.picked.length === rows.length;
  return {
    key: 'pick',
    head: <PickBox label={text.all} picked={all} onPick={picks.pickAll} />,
    narrow: true,
    cell: (row) => (
      <PickBox label={select(row.name)} picked={picks.isPicked(row)} onPick={(yes) => picks.pick(row, yes)} />
    ),
  };
}

type PickBarProps = { said: string; onClear: () => void; children: ReactNode };

/** How many are chosen, and what can be done with them. */
export function PickBar({ said, onClear, children }: PickBarProps) {
  return (
    <div className="pick-bar" role="status">
      <strong>{said}</strong>
      {children}
      <Button look="quiet" onClick={onClear}>
        {text.cancel}
      </Button>
    </div>
  );
}

export type Picks<Row extends { id: string }> = ReturnType<typeof usePicked<Row>>;

/** Which rows are chosen, among those that are there. */
export function usePicked<Row extends { id: string }>(rows: readonly Row[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const picked = rows.filter((row) => ids.has(row.id));
  return {
    picked,
    isPicked: (row: Row) => ids.has(row.id),
    pick(row: Row, yes: boolean) {
      const next = new Set(picked.map((each) => each.id));
      if (yes) next.add(row.id);
      else next.delete(row.id);
      setIds(next);
    },
    pickAll: (yes: boolean) => setIds(new Set(yes ? rows.map((row) => row.id) : [])),
    clear: () => setIds(new Set()),
  };
}
